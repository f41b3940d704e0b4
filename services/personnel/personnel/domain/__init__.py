"""The rules of personnel: who may be registered, promoted, moved; how units form a tree. Pure."""
