package io.espalier.telemetry.event;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.Error;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;

/** The published schemas, and what a validator says by them. */
final class Schemas {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final SchemaRegistry VALIDATOR =
      SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);

  private Schemas() {}

  static JsonNode of(EventType type) {
    return json(content(ContractFiles.schema(type)));
  }

  static JsonNode json(byte[] text) {
    try {
      return JSON.readTree(text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static byte[] content(String name) {
    try {
      return ContractFiles.content(name);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What of the data does not fit the schema of its type. */
  static List<String> errors(EventType type, JsonNode data) {
    return VALIDATOR.getSchema(of(type)).validate(data).stream().map(Error::toString).toList();
  }

  /** What of a schema does not fit the dialect that it names. */
  static List<String> errorsOfSchema(JsonNode schema) {
    return VALIDATOR
        .getSchema(SchemaLocation.of(schema.path("$schema").asText()))
        .validate(schema)
        .stream()
        .map(Error::toString)
        .toList();
  }
}
