package io.espalier.telemetry.view;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.espalier.configs.file.Json;

final class ViewJson {
  private ViewJson() {}

  static ObjectNode object() {
    return Json.LENIENT.createObjectNode();
  }

  static ArrayNode array() {
    return Json.LENIENT.createArrayNode();
  }

  static ObjectNode of(Object value) {
    return Json.LENIENT.valueToTree(value);
  }

  /** Sets a number if it is finite. */
  static void putFinite(ObjectNode object, String name, double value) {
    if (Double.isFinite(value)) {
      object.put(name, value);
    }
  }
}
