package io.espalier.service.dashboard;

import com.fasterxml.jackson.databind.JsonNode;
import io.espalier.service.View;
import java.util.Map;
import java.util.concurrent.CompletionStage;

/** The current parts of a service: its runs by their ids, and itself under the empty name. */
@FunctionalInterface
public interface ServiceParts {
  /** Returns the parts of a view; the map and its values are immutable. Viewers ask often. */
  CompletionStage<Map<String, JsonNode>> of(View view);
}
