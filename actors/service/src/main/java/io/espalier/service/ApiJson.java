package io.espalier.service;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.cfg.EnumFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * The JSON of records in the API, for the service and its clients: fields by their names, enum
 * constants in lower case, absent values left out, unknown fields ignored. Thread-safe.
 */
public final class ApiJson {
  private static final JsonInclude.Value IF_PRESENT =
      JsonInclude.Value.construct(JsonInclude.Include.NON_EMPTY, JsonInclude.Include.ALWAYS);
  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .addModules(new Jdk8Module(), new JavaTimeModule())
          .serializationInclusion(JsonInclude.Include.NON_ABSENT)
          .withConfigOverride(OptionalLong.class, type -> type.setInclude(IF_PRESENT))
          .withConfigOverride(OptionalDouble.class, type -> type.setInclude(IF_PRESENT))
          .configure(EnumFeature.WRITE_ENUMS_TO_LOWERCASE, true)
          .enable(MapperFeature.ACCEPT_CASE_INSENSITIVE_ENUMS)
          .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
          .build();

  private ApiJson() {}

  public static JsonNode tree(Object value) {
    return MAPPER.valueToTree(value);
  }

  /**
   * Reads a record or an array of records.
   *
   * @throws JsonMappingException if a field is missing or of another type
   */
  public static <T> T read(JsonNode tree, Class<T> type) throws JsonMappingException {
    try {
      return MAPPER.treeToValue(tree, type);
    } catch (JsonMappingException e) {
      throw e;
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree must be JSON", e);
    }
  }
}
