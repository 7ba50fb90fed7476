package io.espalier.service.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.espalier.configs.file.Json;
import io.espalier.service.LifecycleEntry;
import io.espalier.service.RunPage;
import io.espalier.service.RunStatus;
import java.util.List;
import java.util.Locale;

/** Runs and the service as JSON: fields by their names in the records, absent ones left out. */
final class RunDocuments {
  private static final List<String> PARTS =
      List.of("history", "events", "log", "artifacts", "report");

  private RunDocuments() {}

  static String address(String run) {
    return "/v1/runs/" + run;
  }

  static ObjectNode status(RunStatus status) {
    ObjectNode node = Json.LENIENT.createObjectNode();
    node.put("run", status.run()).put("name", status.name());
    node.put("kind", spelling(status.kind())).put("state", spelling(status.state()));
    node.put("priority", status.priority()).put("trainers", status.trainers());
    node.put("submitted", status.submitted().toString());
    node.put("changed", status.changed().toString());
    status.waitsFor().ifPresent(text -> node.put("waitsFor", text));
    node.put("term", status.term());
    status.node().ifPresent(name -> node.put("node", name));
    node.put("step", status.step());
    status.totalSteps().ifPresent(steps -> node.put("totalSteps", steps));
    status.checkpointStep().ifPresent(step -> node.put("checkpointStep", step));
    status.accuracy().ifPresent(share -> node.put("accuracy", share));
    status.sparsity().ifPresent(share -> node.put("sparsity", share));
    status.gateway().ifPresent(address -> node.put("gateway", address));
    status.cause().ifPresent(text -> node.put("cause", text));
    ObjectNode links = node.putObject("links").put("self", address(status.run()));
    PARTS.forEach(part -> links.put(part, address(status.run()) + "/" + part));
    return node;
  }

  static ObjectNode page(RunPage page) {
    ObjectNode node = Json.LENIENT.createObjectNode();
    ArrayNode runs = node.putArray("runs");
    page.runs().forEach(each -> runs.add(status(each)));
    node.put("total", page.total());
    page.next().ifPresent(next -> node.put("next", next));
    return node;
  }

  static ArrayNode history(List<LifecycleEntry> entries) {
    ArrayNode list = Json.LENIENT.createArrayNode();
    for (LifecycleEntry entry : entries) {
      list.addObject()
          .put("number", entry.number())
          .put("time", entry.time().toString())
          .put("event", entry.event())
          .put("state", spelling(entry.state()))
          .put("detail", entry.detail());
    }
    return list;
  }

  static ObjectNode service(ServiceDescription description) {
    ObjectNode node = Json.LENIENT.createObjectNode();
    node.put("version", description.version()).put("node", description.node());
    ArrayNode nodes = node.putArray("nodes");
    for (ServiceDescription.Node each : description.nodes()) {
      nodes
          .addObject()
          .put("name", each.name())
          .put("trainers", each.trainers())
          .put("trainersFree", each.trainersFree())
          .put("memoryMb", each.memoryMb())
          .put("memoryMbFree", each.memoryMbFree());
    }
    return node.put("queued", description.queued()).put("running", description.running());
  }

  /** A constant as the API spells it. */
  static String spelling(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }
}
