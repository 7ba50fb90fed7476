package io.espalier.cli;

/** A command from another jar on the class path, found by {@link java.util.ServiceLoader}. */
public interface AddedCommand {}
