package io.espalier.cli.kafka;

import io.espalier.telemetry.event.Topic;
import io.espalier.telemetry.kafka.BrokerAccess;
import io.espalier.telemetry.kafka.KafkaClientSettings;
import io.espalier.telemetry.kafka.TopicCheck.TopicFinding;
import io.espalier.telemetry.kafka.TopicCheck.TopicFinding.Difference;
import io.espalier.telemetry.kafka.TopicCheck.TopicFinding.State;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

final class TopicAdvice {
  private TopicAdvice() {}

  static List<String> on(List<TopicFinding> findings, BrokerAccess access) {
    List<String> lines = new ArrayList<>();
    String missing =
        findings.stream()
            .filter(finding -> finding.state() == State.MISSING)
            .map(finding -> finding.topic().topicName())
            .collect(Collectors.joining(", "));
    if (!missing.isEmpty()) {
      lines.add(
          "topics must be on the broker: address=%s, missing=%s; create them with 'espalier topics --create'"
              .formatted(access.address(), missing));
    }
    findings.forEach(finding -> lines.addAll(on(finding, access)));
    return lines;
  }

  private static List<String> on(TopicFinding finding, BrokerAccess access) {
    String topic = finding.topic().topicName();
    List<String> lines = new ArrayList<>();
    List<Difference> broken = finding.differences().stream().filter(Difference::breaks).toList();
    if (finding.partitions() > Topic.PARTITIONS) {
      lines.add(
          "a topic must have 1 partition, or the events of a run lose their order: topic=%s, partitions=%d; a partition cannot be removed: delete the topic, and with it the events that it holds, then 'espalier topics --create'"
              .formatted(topic, finding.partitions()));
    } else if (!broken.isEmpty()) {
      lines.add(correction(topic, broken, access));
    }
    for (Difference each : finding.differences()) {
      if (!each.breaks()) {
        lines.add(
            "%s is your choice: topic=%s, found=%s, Espalier creates it with %s"
                .formatted(each.setting(), topic, each.found(), each.wanted()));
      }
    }
    return lines;
  }

  private static String correction(String topic, List<Difference> settings, BrokerAccess access) {
    return "a topic must have the settings that its consumers rely on: topic=%s, %s; correct it with kafka-configs.sh --bootstrap-server %s%s --alter --entity-type topics --entity-name %s --add-config %s"
        .formatted(
            topic,
            joined(settings, ", ", Difference::found),
            access.address(),
            access.settings().equals(KafkaClientSettings.NONE) ? "" : " --command-config FILE",
            topic,
            joined(settings, ",", Difference::wanted));
  }

  private static String joined(
      List<Difference> settings, String gap, Function<Difference, String> value) {
    return settings.stream()
        .map(each -> each.setting() + "=" + value.apply(each))
        .collect(Collectors.joining(gap));
  }
}
