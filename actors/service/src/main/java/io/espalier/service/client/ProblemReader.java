package io.espalier.service.client;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.espalier.configs.InvalidConfigException;
import io.espalier.configs.InvalidConfigException.Problem;
import io.espalier.configs.file.Json;
import io.espalier.service.client.ServiceException.Reason;
import java.util.List;
import java.util.Optional;
import java.util.stream.StreamSupport;

final class ProblemReader {
  private ProblemReader() {}

  /**
   * The exception for an answer; {@code body} is problem+json (RFC 9457), or any text of a proxy.
   */
  static RuntimeException of(int status, String body, ServiceAccess access) {
    JsonNode problem = tree(body);
    List<Problem> broken =
        StreamSupport.stream(problem.path("problems").spliterator(), false)
            .map(ProblemReader::problem)
            .toList();
    if (!broken.isEmpty()) {
      return new InvalidConfigException(broken);
    }
    String detail =
        text(problem, "detail")
            .or(() -> text(problem, "title"))
            .orElse("a request must be met: status=%d, server=%s".formatted(status, access));
    return new ServiceException(reason(status), detail + wayOut(status, detail, access));
  }

  private static String wayOut(int status, String detail, ServiceAccess access) {
    if (status == 401 || status == 403) {
      String which = access.token().isEmpty() ? "no token was sent to " : "server=";
      return "%s%s%s; name a file with one by --token-file, or set ESPALIER_TOKEN; 'espalier serve token create' makes one"
          .formatted(detail.endsWith(".") ? " " : "; ", which, access);
    }
    return "";
  }

  private static Reason reason(int status) {
    return switch (status) {
      case 401, 403 -> Reason.UNAUTHORIZED;
      case 404 -> Reason.NOT_FOUND;
      case 502, 503, 504 -> Reason.UNAVAILABLE;
      default -> status < 500 ? Reason.REFUSED : Reason.FAILED;
    };
  }

  private static Problem problem(JsonNode node) {
    return new Problem(
        Optional.ofNullable(node.get("line")).map(line -> "line " + line.asText()),
        text(node, "path").orElse("recipe"),
        text(node, "message").orElseGet(node::asText));
  }

  private static Optional<String> text(JsonNode node, String field) {
    return Optional.ofNullable(node.get(field))
        .filter(JsonNode::isTextual)
        .map(JsonNode::asText)
        .filter(text -> !text.isBlank());
  }

  private static JsonNode tree(String body) {
    try {
      return Json.LENIENT.readTree(body);
    } catch (JsonProcessingException e) {
      return Json.LENIENT.createObjectNode();
    }
  }
}
