"""The rules of feedback: who may say what about whom, how far it is trusted, and what surveys amount to. Pure."""
