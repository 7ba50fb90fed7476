package io.espalier.service.client;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * What a service answered.
 *
 * @param value what this version of the client understands of it
 * @param json all of it
 */
public record ServiceResponse<T>(T value, JsonNode json) {}
