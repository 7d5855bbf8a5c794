"""Use cases: each public function is one transaction, and takes the unit of work first."""
