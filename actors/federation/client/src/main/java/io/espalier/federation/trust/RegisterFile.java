package io.espalier.federation.trust;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.espalier.configs.file.Json;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The register on disk: JSON, {@code {"clients": [{"name", "revoked", "certificates": [{"serial",
 * "expires", "revoked"}]}]}}; serials are hexadecimal, times ISO 8601.
 */
final class RegisterFile {
  private static final int HEX = 16;

  private RegisterFile() {}

  static Map<String, RegisteredClient> read(Path file) throws IOException {
    Map<String, RegisteredClient> clients = new TreeMap<>();
    if (!Files.exists(file)) {
      return clients;
    }
    try {
      for (JsonNode node : Json.LENIENT.readTree(OwnerOnlyFiles.read(file)).required("clients")) {
        RegisteredClient client = client(node);
        clients.put(client.name(), client);
      }
      return clients;
    } catch (JsonProcessingException | IllegalArgumentException | DateTimeException e) {
      throw new TrustException(
          "the register of clients must be as Espalier wrote it: file=%s, cause=%s; restore it from a backup, or remove it and enrol all devices anew"
              .formatted(file, e.getMessage()),
          e);
    }
  }

  private static RegisteredClient client(JsonNode node) {
    List<RegisteredClient.Certificate> certificates = new ArrayList<>();
    node.required("certificates")
        .forEach(
            each ->
                certificates.add(
                    new RegisteredClient.Certificate(
                        new BigInteger(each.required("serial").asText(), HEX),
                        Instant.parse(each.required("expires").asText()),
                        each.required("revoked").asBoolean())));
    return new RegisteredClient(
        node.required("name").asText(),
        certificates,
        Optional.ofNullable(node.get("revoked")).map(JsonNode::asText).map(Instant::parse));
  }

  static void write(Path file, Collection<RegisteredClient> clients) throws IOException {
    ObjectNode root = Json.LENIENT.createObjectNode();
    ArrayNode all = root.putArray("clients");
    clients.forEach(each -> write(each, all.addObject()));
    OwnerOnlyFiles.write(file, root.toPrettyString() + "\n");
  }

  private static void write(RegisteredClient client, ObjectNode node) {
    node.put("name", client.name());
    client.revoked().ifPresent(time -> node.put("revoked", time.toString()));
    ArrayNode certificates = node.putArray("certificates");
    client
        .certificates()
        .forEach(
            each ->
                certificates
                    .addObject()
                    .put("serial", each.serial().toString(HEX))
                    .put("expires", each.expires().toString())
                    .put("revoked", each.revoked()));
  }
}
