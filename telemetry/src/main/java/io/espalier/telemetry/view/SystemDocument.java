package io.espalier.telemetry.view;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.espalier.telemetry.view.ReadModel.TopicProgress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** The reading progress per topic and the processes' resource use. */
final class SystemDocument {
  static final int MOST_PROCESSES = 12;

  private static final Duration RECENT = Duration.ofHours(1);
  private static final String PROCESS = "process/";

  private final DocumentParts parts = new DocumentParts();
  private List<RunDocument> shown = List.of();

  void topics(List<TopicProgress> topics, long version) {
    ArrayNode rows = ViewJson.array();
    for (TopicProgress each : topics) {
      ObjectNode row = rows.addObject().put("name", each.name());
      row.put("position", each.position()).put("end", each.end()).put("lag", each.lag());
      ViewJson.putFinite(row, "perSecond", each.perSecond());
    }
    parts.set("topics", rows, version);
  }

  /** Returns the present document; other processes give it another identity. */
  DocumentView view(Collection<KnownRun> runs, long version, Instant now) {
    Instant since = now.minus(RECENT);
    List<RunDocument> beating = new ArrayList<>();
    runs.stream()
        .filter(
            run -> run.document().flatMap(RunDocument::beat).filter(since::isBefore).isPresent())
        .sorted(Comparator.comparing(SystemDocument::beat).reversed())
        .limit(MOST_PROCESSES)
        .sorted(Comparator.comparing(run -> run.id().value()))
        .forEach(
            run ->
                run.with(
                    document -> {
                      parts.set(PROCESS + run.id(), document.process(), version);
                      beating.add(document);
                    }));
    Set<String> names = beating.stream().map(run -> PROCESS + run.id()).collect(Collectors.toSet());
    parts.retain(PROCESS, names, version);
    shown = beating.equals(shown) ? shown : beating;
    return new DocumentView(shown, parts, series(beating));
  }

  private static Instant beat(KnownRun run) {
    return run.document().flatMap(RunDocument::beat).orElse(Instant.MIN);
  }

  private static Map<String, Points> series(List<RunDocument> runs) {
    Map<String, Points> series = new LinkedHashMap<>();
    for (RunDocument run : runs) {
      run.series()
          .forEach(
              (name, points) -> {
                if (name.startsWith("system/")) {
                  series.put("system/" + run.id() + name.substring("system".length()), points);
                }
              });
    }
    return series;
  }
}
