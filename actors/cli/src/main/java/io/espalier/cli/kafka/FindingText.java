package io.espalier.cli.kafka;

import io.espalier.cli.console.TextTable;
import io.espalier.telemetry.event.Topic;
import io.espalier.telemetry.kafka.TopicCheck.TopicFinding;
import io.espalier.telemetry.kafka.TopicCheck.TopicFinding.Difference;
import io.espalier.telemetry.kafka.TopicCheck.TopicFinding.State;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

final class FindingText {
  private static final String NONE = "-";

  private FindingText() {}

  static String table(List<TopicFinding> findings, List<Topic> created) {
    TextTable table =
        TextTable.withHeader(
            List.of(
                "topic",
                "state",
                "partitions",
                "cleanup.policy",
                "retention",
                "max.message.bytes"));
    for (TopicFinding finding : findings) {
      table.row(
          List.of(
              finding.topic().topicName(),
              state(finding, created),
              finding.state() == State.MISSING ? NONE : Integer.toString(finding.partitions()),
              setting(finding, "cleanup.policy"),
              retention(finding),
              setting(finding, "max.message.bytes")));
    }
    return table.text();
  }

  static List<Map<String, Object>> json(List<TopicFinding> findings, List<Topic> created) {
    return findings.stream().map(finding -> json(finding, created)).toList();
  }

  private static Map<String, Object> json(TopicFinding finding, List<Topic> created) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("topic", finding.topic().topicName());
    fields.put("state", spelled(finding.state()));
    fields.put("created", created.contains(finding.topic()));
    fields.put("partitions", finding.partitions());
    fields.put("settings", finding.settings());
    fields.put("differences", finding.differences().stream().map(FindingText::json).toList());
    return fields;
  }

  private static Map<String, Object> json(Difference difference) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("setting", difference.setting());
    fields.put("found", difference.found());
    fields.put("wanted", difference.wanted());
    fields.put("breaks", difference.breaks());
    return fields;
  }

  private static String state(TopicFinding finding, List<Topic> created) {
    return switch (finding.state()) {
      case OK -> created.contains(finding.topic()) ? "ok, created" : "ok";
      case MISSING -> "missing";
      case DIFFERS ->
          finding.differences().stream()
              .filter(Difference::breaks)
              .map(each -> "%s %s, not %s".formatted(each.setting(), each.found(), each.wanted()))
              .collect(Collectors.joining("; ", "differs: ", ""));
    };
  }

  private static String spelled(State state) {
    return state.name().toLowerCase(Locale.ROOT);
  }

  private static String setting(TopicFinding finding, String name) {
    return finding.settings().getOrDefault(name, NONE);
  }

  private static String retention(TopicFinding finding) {
    if (setting(finding, "cleanup.policy").equals("compact")) {
      return "newest per key";
    }
    String found = setting(finding, "retention.ms");
    return found.equals(NONE) ? NONE : period(Long.parseLong(found));
  }

  private static String period(long milliseconds) {
    Duration period = Duration.ofMillis(milliseconds);
    if (milliseconds < 0) {
      return "for good";
    }
    if (period.equals(Duration.ofDays(period.toDays()))) {
      return period.toDays() + " d";
    }
    return period.equals(Duration.ofHours(period.toHours()))
        ? period.toHours() + " h"
        : milliseconds + " ms";
  }
}
