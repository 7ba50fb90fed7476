package io.espalier.service.http;

/**
 * Who calls.
 *
 * @param name of the token
 */
public record Caller(String name, Role role) {}
