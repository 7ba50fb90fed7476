package io.espalier.service.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.espalier.configs.file.Json;
import io.espalier.service.FullQuota;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;

/**
 * Why a request is refused (Nottingham, Wilde and Dalal, RFC 9457, 2023).
 *
 * @param detail the rule, the value and the way out
 * @param rules broken by a recipe; empty for other problems
 * @param quota that is full; absent for other problems
 */
public record Problem(
    ProblemKind kind, String detail, List<BrokenRule> rules, Optional<FullQuota> quota) {
  /** A broken rule of a recipe; {@code path} is a key such as {@code prune.schedule.begin}. */
  public record BrokenRule(String path, OptionalInt line, String message) {}

  public Problem {
    rules = List.copyOf(rules);
  }

  public Problem(ProblemKind kind, String detail, List<BrokenRule> rules) {
    this(kind, detail, rules, Optional.empty());
  }

  public static Problem of(ProblemKind kind, String detail) {
    return new Problem(kind, detail, List.of());
  }

  public static Problem of(FullQuota full) {
    return new Problem(ProblemKind.QUOTA_FULL, full.message(), List.of(), Optional.of(full));
  }

  /**
   * The problem for a failure; {@link ProblemKind#INTERNAL}, without its message, if unforeseen.
   */
  public static Problem of(Throwable failure) {
    Throwable cause = cause(failure);
    if (cause instanceof ProblemException known) {
      return known.problem();
    }
    return cause instanceof TimeoutException
        ? of(ProblemKind.UNAVAILABLE, "the service did not answer in time; try again")
        : of(ProblemKind.INTERNAL, "the service's log has more; try again later");
  }

  /** The failure without the wrappers of futures. */
  public static Throwable cause(Throwable failure) {
    Throwable cause = failure;
    while ((cause instanceof CompletionException || cause instanceof ExecutionException)
        && cause.getCause() != null) {
      cause = cause.getCause();
    }
    return cause;
  }

  /** As {@code application/problem+json}; the parser of the server may choose the status. */
  ObjectNode json(int status) {
    ObjectNode node = Json.LENIENT.createObjectNode();
    node.put("type", kind.type()).put("title", kind.title());
    node.put("status", status).put("detail", detail);
    if (!rules.isEmpty()) {
      ArrayNode list = node.putArray("problems");
      rules.forEach(rule -> add(list.addObject(), rule));
    }
    quota.ifPresent(full -> add(node.putObject("quota"), full));
    return node;
  }

  private static void add(ObjectNode node, FullQuota full) {
    node.put("rule", full.rule().spelling());
    node.put(full.holder().spelling(), full.name());
    node.put("limit", full.limit()).put("used", full.used());
    node.put("freedBy", full.freedBy());
    full.resets().ifPresent(time -> node.put("resets", time.toString()));
  }

  private static void add(ObjectNode node, BrokenRule rule) {
    node.put("path", rule.path());
    rule.line().ifPresent(line -> node.put("line", line));
    node.put("message", rule.message());
  }
}
