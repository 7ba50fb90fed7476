package io.espalier.service.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.OptionalInt;

/**
 * Why a request is refused (Nottingham, Wilde and Dalal, RFC 9457, 2023).
 *
 * @param detail the rule, the value and the way out
 * @param rules that a recipe breaks; empty for other problems
 */
public record Problem(ProblemKind kind, String detail, List<BrokenRule> rules) {
  /**
   * A rule that a recipe breaks.
   *
   * @param path key in the recipe, such as {@code prune.schedule.begin}
   * @param line of the recipe's text, where known
   */
  public record BrokenRule(String path, OptionalInt line, String message) {}

  public Problem {
    rules = List.copyOf(rules);
  }

  public static Problem of(ProblemKind kind, String detail) {
    return new Problem(kind, detail, List.of());
  }

  /** As {@code application/problem+json}. */
  public ObjectNode json() {
    return json(kind.status());
  }

  /** The same under another status, such as one that the server's parser chose. */
  public ObjectNode json(int status) {
    ObjectNode node = ApiJson.object();
    node.put("type", kind.type()).put("title", kind.title());
    node.put("status", status).put("detail", detail);
    if (!rules.isEmpty()) {
      ArrayNode list = node.putArray("problems");
      rules.forEach(rule -> add(list.addObject(), rule));
    }
    return node;
  }

  private static void add(ObjectNode node, BrokenRule rule) {
    node.put("path", rule.path());
    rule.line().ifPresent(line -> node.put("line", line));
    node.put("message", rule.message());
  }
}
