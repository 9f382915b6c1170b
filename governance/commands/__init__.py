"""What the commands do, one module a family; `governance.cli` finds them by name and reads their arguments."""
