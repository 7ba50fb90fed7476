package io.espalier.actors.service.http.access;

/**
 * Who calls.
 *
 * @param name of the token
 */
public record Caller(String name, Role role) {}
