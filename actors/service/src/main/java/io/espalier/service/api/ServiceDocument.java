package io.espalier.service.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.espalier.service.http.ApiJson;

/** The service's description as JSON. */
final class ServiceDocument {
  private ServiceDocument() {}

  static ObjectNode of(ServiceDescription description) {
    ObjectNode node = ApiJson.object();
    node.put("version", description.version()).put("node", description.node());
    ArrayNode nodes = node.putArray("nodes");
    description.nodes().forEach(each -> add(nodes.addObject(), each));
    return node.put("queued", description.queued()).put("running", description.running());
  }

  private static void add(ObjectNode node, ServiceDescription.Node each) {
    node.put("name", each.name());
    node.put("trainers", each.trainers()).put("trainersFree", each.trainersFree());
    node.put("memoryMb", each.memoryMb()).put("memoryMbFree", each.memoryMbFree());
  }
}
