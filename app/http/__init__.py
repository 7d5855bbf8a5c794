"""What pages and API share: who asks, what he may, how a use case runs and is answered."""
