CREATE TRIGGER tr_resource_claims_insert BEFORE INSERT ON resource_claims BEGIN SELECT RAISE(ABORT, 'ex_resource_claims_no_overlap') WHERE NEW.is_active AND EXISTS (SELECT 1 FROM resource_claims c WHERE c.resource_id = NEW.resource_id AND c.is_active AND c.id <> NEW.id AND c.starts_at < NEW.ends_at AND c.ends_at > NEW.starts_at); END

CREATE TRIGGER tr_resource_claims_update BEFORE UPDATE OF resource_id, starts_at, ends_at, is_active ON resource_claims BEGIN SELECT RAISE(ABORT, 'ex_resource_claims_no_overlap') WHERE NEW.is_active AND EXISTS (SELECT 1 FROM resource_claims c WHERE c.resource_id = NEW.resource_id AND c.is_active AND c.id <> NEW.id AND c.starts_at < NEW.ends_at AND c.ends_at > NEW.starts_at); END

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

CREATE TRIGGER tr_bookings_status BEFORE UPDATE OF status ON bookings WHEN NEW.status <> OLD.status BEGIN SELECT RAISE(ABORT, 'tr_bookings_status') WHERE NOT EXISTS (SELECT 1 FROM booking_transitions t WHERE t.from_status = OLD.status AND t.to_status = NEW.status); END

CREATE TRIGGER tr_audit_entries_seq BEFORE UPDATE OF seq ON audit_entries WHEN OLD.seq IS NOT NULL OR NEW.seq IS NULL BEGIN SELECT RAISE(ABORT, 'tr_append_only'); END

CREATE TRIGGER tr_audit_entries_update BEFORE UPDATE OF id, at, actor_id, action, entity, entity_id, entity_version, body, algorithm, leaf, mac ON audit_entries BEGIN SELECT RAISE(ABORT, 'tr_append_only'); END

CREATE TABLE reference_numbers (noun TEXT PRIMARY KEY, last INTEGER NOT NULL)

CREATE TRIGGER tr_outcome_versions_update BEFORE UPDATE ON outcome_versions BEGIN SELECT RAISE(ABORT, 'tr_append_only'); END

CREATE TRIGGER tr_outcome_versions_delete BEFORE DELETE ON outcome_versions BEGIN SELECT RAISE(ABORT, 'tr_append_only'); END

CREATE TRIGGER tr_confirmations_update BEFORE UPDATE ON confirmations BEGIN SELECT RAISE(ABORT, 'tr_append_only'); END

CREATE TRIGGER tr_confirmations_delete BEFORE DELETE ON confirmations BEGIN SELECT RAISE(ABORT, 'tr_append_only'); END

CREATE TRIGGER tr_counting_policies_update BEFORE UPDATE ON counting_policies BEGIN SELECT RAISE(ABORT, 'tr_append_only'); END

CREATE TRIGGER tr_counting_policies_delete BEFORE DELETE ON counting_policies BEGIN SELECT RAISE(ABORT, 'tr_append_only'); END

CREATE TRIGGER tr_service_records_update BEFORE UPDATE ON service_records BEGIN SELECT RAISE(ABORT, 'tr_append_only'); END

CREATE TRIGGER tr_service_records_delete BEFORE DELETE ON service_records BEGIN SELECT RAISE(ABORT, 'tr_append_only'); END

CREATE TRIGGER tr_periods_update BEFORE UPDATE ON periods BEGIN SELECT RAISE(ABORT, 'tr_append_only'); END

CREATE TRIGGER tr_periods_delete BEFORE DELETE ON periods BEGIN SELECT RAISE(ABORT, 'tr_append_only'); END

CREATE TRIGGER tr_published_figures_update BEFORE UPDATE ON published_figures BEGIN SELECT RAISE(ABORT, 'tr_append_only'); END

CREATE TRIGGER tr_published_figures_delete BEFORE DELETE ON published_figures BEGIN SELECT RAISE(ABORT, 'tr_append_only'); END

CREATE TRIGGER tr_adjustments_update BEFORE UPDATE ON adjustments BEGIN SELECT RAISE(ABORT, 'tr_append_only'); END

CREATE TRIGGER tr_adjustments_delete BEFORE DELETE ON adjustments BEGIN SELECT RAISE(ABORT, 'tr_append_only'); END

CREATE TRIGGER tr_person_aliases_update BEFORE UPDATE ON person_aliases BEGIN SELECT RAISE(ABORT, 'tr_append_only'); END

CREATE TRIGGER tr_person_aliases_delete BEFORE DELETE ON person_aliases BEGIN SELECT RAISE(ABORT, 'tr_append_only'); END

CREATE TRIGGER tr_audit_seals_update BEFORE UPDATE ON audit_seals BEGIN SELECT RAISE(ABORT, 'tr_append_only'); END

CREATE TRIGGER tr_audit_seals_delete BEFORE DELETE ON audit_seals BEGIN SELECT RAISE(ABORT, 'tr_append_only'); END

CREATE TRIGGER tr_access_entries_update BEFORE UPDATE ON access_entries BEGIN SELECT RAISE(ABORT, 'tr_append_only'); END

CREATE TRIGGER tr_access_entries_delete BEFORE DELETE ON access_entries BEGIN SELECT RAISE(ABORT, 'tr_append_only'); END

CREATE TRIGGER tr_appointments_delete BEFORE DELETE ON appointments BEGIN SELECT RAISE(ABORT, 'tr_append_only'); END

CREATE TRIGGER tr_attendances_delete BEFORE DELETE ON attendances BEGIN SELECT RAISE(ABORT, 'tr_append_only'); END

CREATE TRIGGER tr_audit_entries_delete BEFORE DELETE ON audit_entries BEGIN SELECT RAISE(ABORT, 'tr_append_only'); END

CREATE TRIGGER tr_bookings_delete BEFORE DELETE ON bookings BEGIN SELECT RAISE(ABORT, 'tr_append_only'); END

CREATE TRIGGER tr_calendar_days_delete BEFORE DELETE ON calendar_days BEGIN SELECT RAISE(ABORT, 'tr_append_only'); END

CREATE TRIGGER tr_corrections_delete BEFORE DELETE ON corrections BEGIN SELECT RAISE(ABORT, 'tr_append_only'); END

CREATE TRIGGER tr_declared_interests_delete BEFORE DELETE ON declared_interests BEGIN SELECT RAISE(ABORT, 'tr_append_only'); END

CREATE TRIGGER tr_disputes_delete BEFORE DELETE ON disputes BEGIN SELECT RAISE(ABORT, 'tr_append_only'); END

CREATE TRIGGER tr_outcomes_delete BEFORE DELETE ON outcomes BEGIN SELECT RAISE(ABORT, 'tr_append_only'); END

CREATE TRIGGER tr_person_doubles_delete BEFORE DELETE ON person_doubles BEGIN SELECT RAISE(ABORT, 'tr_append_only'); END

CREATE TRIGGER tr_service_sessions_delete BEFORE DELETE ON service_sessions BEGIN SELECT RAISE(ABORT, 'tr_append_only'); END
