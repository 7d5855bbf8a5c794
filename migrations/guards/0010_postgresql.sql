CREATE EXTENSION IF NOT EXISTS btree_gist

ALTER TABLE resource_claims ADD CONSTRAINT ex_resource_claims_no_overlap EXCLUDE USING gist (resource_id WITH =, tstzrange(starts_at, ends_at, '[)') WITH &&) WHERE (is_active)

INSERT INTO booking_transitions (id, from_status, to_status) VALUES ('00000000000000000000000000000001', 'accepted', 'cancelled')

INSERT INTO booking_transitions (id, from_status, to_status) VALUES ('00000000000000000000000000000002', 'accepted', 'fulfilled')

INSERT INTO booking_transitions (id, from_status, to_status) VALUES ('00000000000000000000000000000003', 'accepted', 'no_show')

INSERT INTO booking_transitions (id, from_status, to_status) VALUES ('00000000000000000000000000000004', 'accepted', 'suspended')

INSERT INTO booking_transitions (id, from_status, to_status) VALUES ('00000000000000000000000000000005', 'on_hold', 'released')

INSERT INTO booking_transitions (id, from_status, to_status) VALUES ('00000000000000000000000000000006', 'on_hold', 'requested')

INSERT INTO booking_transitions (id, from_status, to_status) VALUES ('00000000000000000000000000000007', 'requested', 'accepted')

INSERT INTO booking_transitions (id, from_status, to_status) VALUES ('00000000000000000000000000000008', 'requested', 'declined')

INSERT INTO booking_transitions (id, from_status, to_status) VALUES ('00000000000000000000000000000009', 'requested', 'expired')

INSERT INTO booking_transitions (id, from_status, to_status) VALUES ('0000000000000000000000000000000a', 'requested', 'suspended')

INSERT INTO booking_transitions (id, from_status, to_status) VALUES ('0000000000000000000000000000000b', 'requested', 'withdrawn')

INSERT INTO booking_transitions (id, from_status, to_status) VALUES ('0000000000000000000000000000000c', 'suspended', 'accepted')

INSERT INTO booking_transitions (id, from_status, to_status) VALUES ('0000000000000000000000000000000d', 'suspended', 'cancelled')

INSERT INTO booking_transitions (id, from_status, to_status) VALUES ('0000000000000000000000000000000e', 'suspended', 'requested')

CREATE FUNCTION refuse_booking_step() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NEW.status <> OLD.status AND NOT EXISTS (SELECT 1 FROM booking_transitions t WHERE t.from_status = OLD.status AND t.to_status = NEW.status) THEN RAISE EXCEPTION 'tr_bookings_status' USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'tr_bookings_status'; END IF; RETURN NEW; END $$

CREATE TRIGGER tr_bookings_status BEFORE UPDATE OF status ON bookings FOR EACH ROW EXECUTE FUNCTION refuse_booking_step()

CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'tr_append_only' USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'tr_append_only'; END $$

CREATE FUNCTION refuse_entry_change() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF OLD.seq IS NOT NULL OR NEW.seq IS NULL OR to_jsonb(NEW) - 'seq' <> to_jsonb(OLD) - 'seq' THEN RAISE EXCEPTION 'tr_append_only' USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'tr_append_only'; END IF; RETURN NEW; END $$

CREATE TRIGGER tr_audit_entries_update BEFORE UPDATE ON audit_entries FOR EACH ROW EXECUTE FUNCTION refuse_entry_change()

CREATE SEQUENCE reference_need

CREATE SEQUENCE reference_booking

CREATE SEQUENCE reference_service_session

CREATE SEQUENCE reference_dispute

CREATE TRIGGER tr_outcome_versions_update BEFORE UPDATE ON outcome_versions FOR EACH ROW EXECUTE FUNCTION refuse_change()

CREATE TRIGGER tr_outcome_versions_delete BEFORE DELETE ON outcome_versions FOR EACH ROW EXECUTE FUNCTION refuse_change()

CREATE TRIGGER tr_confirmations_update BEFORE UPDATE ON confirmations FOR EACH ROW EXECUTE FUNCTION refuse_change()

CREATE TRIGGER tr_confirmations_delete BEFORE DELETE ON confirmations FOR EACH ROW EXECUTE FUNCTION refuse_change()

CREATE TRIGGER tr_counting_policies_update BEFORE UPDATE ON counting_policies FOR EACH ROW EXECUTE FUNCTION refuse_change()

CREATE TRIGGER tr_counting_policies_delete BEFORE DELETE ON counting_policies FOR EACH ROW EXECUTE FUNCTION refuse_change()

CREATE TRIGGER tr_service_records_update BEFORE UPDATE ON service_records FOR EACH ROW EXECUTE FUNCTION refuse_change()

CREATE TRIGGER tr_service_records_delete BEFORE DELETE ON service_records FOR EACH ROW EXECUTE FUNCTION refuse_change()

CREATE TRIGGER tr_periods_update BEFORE UPDATE ON periods FOR EACH ROW EXECUTE FUNCTION refuse_change()

CREATE TRIGGER tr_periods_delete BEFORE DELETE ON periods FOR EACH ROW EXECUTE FUNCTION refuse_change()

CREATE TRIGGER tr_published_figures_update BEFORE UPDATE ON published_figures FOR EACH ROW EXECUTE FUNCTION refuse_change()

CREATE TRIGGER tr_published_figures_delete BEFORE DELETE ON published_figures FOR EACH ROW EXECUTE FUNCTION refuse_change()

CREATE TRIGGER tr_adjustments_update BEFORE UPDATE ON adjustments FOR EACH ROW EXECUTE FUNCTION refuse_change()

CREATE TRIGGER tr_adjustments_delete BEFORE DELETE ON adjustments FOR EACH ROW EXECUTE FUNCTION refuse_change()

CREATE TRIGGER tr_person_aliases_update BEFORE UPDATE ON person_aliases FOR EACH ROW EXECUTE FUNCTION refuse_change()

CREATE TRIGGER tr_person_aliases_delete BEFORE DELETE ON person_aliases FOR EACH ROW EXECUTE FUNCTION refuse_change()

CREATE TRIGGER tr_audit_seals_update BEFORE UPDATE ON audit_seals FOR EACH ROW EXECUTE FUNCTION refuse_change()

CREATE TRIGGER tr_audit_seals_delete BEFORE DELETE ON audit_seals FOR EACH ROW EXECUTE FUNCTION refuse_change()

CREATE TRIGGER tr_access_entries_update BEFORE UPDATE ON access_entries FOR EACH ROW EXECUTE FUNCTION refuse_change()

CREATE TRIGGER tr_access_entries_delete BEFORE DELETE ON access_entries FOR EACH ROW EXECUTE FUNCTION refuse_change()

CREATE TRIGGER tr_appointments_delete BEFORE DELETE ON appointments FOR EACH ROW EXECUTE FUNCTION refuse_change()

CREATE TRIGGER tr_attendances_delete BEFORE DELETE ON attendances FOR EACH ROW EXECUTE FUNCTION refuse_change()

CREATE TRIGGER tr_audit_entries_delete BEFORE DELETE ON audit_entries FOR EACH ROW EXECUTE FUNCTION refuse_change()

CREATE TRIGGER tr_bookings_delete BEFORE DELETE ON bookings FOR EACH ROW EXECUTE FUNCTION refuse_change()

CREATE TRIGGER tr_calendar_days_delete BEFORE DELETE ON calendar_days FOR EACH ROW EXECUTE FUNCTION refuse_change()

CREATE TRIGGER tr_corrections_delete BEFORE DELETE ON corrections FOR EACH ROW EXECUTE FUNCTION refuse_change()

CREATE TRIGGER tr_declared_interests_delete BEFORE DELETE ON declared_interests FOR EACH ROW EXECUTE FUNCTION refuse_change()

CREATE TRIGGER tr_disputes_delete BEFORE DELETE ON disputes FOR EACH ROW EXECUTE FUNCTION refuse_change()

CREATE TRIGGER tr_outcomes_delete BEFORE DELETE ON outcomes FOR EACH ROW EXECUTE FUNCTION refuse_change()

CREATE TRIGGER tr_person_doubles_delete BEFORE DELETE ON person_doubles FOR EACH ROW EXECUTE FUNCTION refuse_change()

CREATE TRIGGER tr_service_sessions_delete BEFORE DELETE ON service_sessions FOR EACH ROW EXECUTE FUNCTION refuse_change()
