package io.espalier.service.run;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * The runs that start now, and why the others wait. No run overtakes one that lacks trainers or
 * memory, so that large runs do not starve; one that lacks a gateway, whose node does not answer,
 * whose owner or project has as many trainers in use as its quota allows, or that is too large for
 * the present nodes is overtaken.
 *
 * @param grants by run, in start order
 * @param reasons by run
 */
record StartPlan(Map<String, AttemptGrant> grants, Map<String, String> reasons) {
  /**
   * Grants reduce {@code free} and add to {@code used}; {@code hosts} has the node of each entity,
   * empty before its report.
   */
  static StartPlan of(
      ClusterCapacity free,
      List<ScheduledRun> queue,
      Function<String, Optional<String>> hosts,
      TrainersInUse used) {
    Map<String, AttemptGrant> grants = new LinkedHashMap<>();
    Map<String, String> reasons = new HashMap<>();
    boolean blocked = false;
    Optional<String> first = Optional.empty();
    int before = 0;
    for (ScheduledRun entry : queue) {
      Optional<String> full = used.full(entry.spec());
      if (full.isPresent()) {
        reasons.put(entry.run(), full.get());
        continue;
      }
      Optional<String> host = hosts.apply(entry.run()).filter(free::has);
      Optional<String> lack =
          host.map(node -> free.lack(entry.spec(), node))
              .orElse(Optional.of("waits for its node to answer"));
      boolean waits = lack.isPresent() || blocked;
      if (waits) {
        reasons.put(entry.run(), reason(entry, lack, first, before));
        first = first.or(() -> Optional.of(entry.run()));
        before++;
        blocked =
            blocked || host.filter(node -> free.isWorthWaiting(entry.spec(), node)).isPresent();
      } else {
        AttemptGrant grant = free.fit(entry.spec(), host.orElseThrow()).orElseThrow();
        free.take(entry.spec(), grant);
        used.take(entry.spec());
        grants.put(entry.run(), grant);
      }
    }
    return new StartPlan(grants, reasons);
  }

  private static String reason(
      ScheduledRun entry, Optional<String> lack, Optional<String> first, int before) {
    String own =
        lack.orElseGet(
            () ->
                "waits for its turn: %d trainer%s"
                    .formatted(entry.spec().trainers(), entry.spec().trainers() == 1 ? "" : "s"));
    return own
        + first
            .map(
                run ->
                    "; before it: "
                        + run
                        + (before > 1 ? " and %d more".formatted(before - 1) : ""))
            .orElse("");
  }
}
