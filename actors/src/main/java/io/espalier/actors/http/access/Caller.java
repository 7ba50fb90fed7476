package io.espalier.actors.http.access;

/**
 * Who calls.
 *
 * @param name of the token
 */
public record Caller(String name, Role role) {}
