"""What is done without anybody asking: a metronome says when to look, the database what is due."""
