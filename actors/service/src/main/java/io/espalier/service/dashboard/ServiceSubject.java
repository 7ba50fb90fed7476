package io.espalier.service.dashboard;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.concurrent.CompletionStage;

/** A subject that no event tells of: a part for each name. Thread-safe. */
@FunctionalInterface
public interface ServiceSubject {
  /**
   * The parts as they are now. Every viewer asks again and again; a part that has not changed is
   * best the same object as before. The map and its values never change.
   */
  CompletionStage<Map<String, JsonNode>> parts();
}
