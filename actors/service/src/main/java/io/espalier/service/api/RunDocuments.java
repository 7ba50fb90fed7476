package io.espalier.service.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.espalier.configs.file.Json;
import io.espalier.service.ApiJson;
import io.espalier.service.RunPage;
import io.espalier.service.RunStatus;
import io.espalier.service.View;
import java.util.List;
import java.util.Locale;

/** Runs as JSON, with links to their parts. */
final class RunDocuments {
  private static final List<String> PARTS =
      List.of("history", "events", "log", "artifacts", "report");

  private RunDocuments() {}

  static String address(String run) {
    return "/v1/runs/" + run;
  }

  static ObjectNode status(RunStatus status) {
    ObjectNode node = (ObjectNode) ApiJson.tree(status);
    ObjectNode links = node.putObject("links").put("self", address(status.run()));
    PARTS.forEach(part -> links.put(part, address(status.run()) + "/" + part));
    return node;
  }

  static ObjectNode page(RunPage page, View view) {
    ObjectNode node = Json.LENIENT.createObjectNode();
    ArrayNode runs = node.putArray("runs");
    page.runs().forEach(each -> runs.add(status(view.shown(each))));
    node.put("total", page.total());
    page.next().ifPresent(next -> node.put("next", next));
    return node;
  }

  static String spelling(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }
}
