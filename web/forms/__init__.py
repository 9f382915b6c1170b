"""What people type: fields as values, read whole, each fault told beside its field."""
