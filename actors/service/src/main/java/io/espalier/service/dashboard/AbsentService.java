package io.espalier.service.dashboard;

import com.fasterxml.jackson.databind.JsonNode;
import io.espalier.service.http.ApiJson;
import java.util.List;

/** Tells once that there is no service here. Not thread-safe. */
final class AbsentService implements LiveStream.News {
  private boolean isTold;

  @Override
  public List<JsonNode> poll() {
    if (isTold) {
      return List.of();
    }
    isTold = true;
    return List.of(
        ApiJson.object()
            .put("type", "absent")
            .put("subject", LiveStreams.SERVICE.name())
            .put("reason", "this dashboard is not a part of a service"));
  }
}
