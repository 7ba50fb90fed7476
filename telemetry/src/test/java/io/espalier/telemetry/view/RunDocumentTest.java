package io.espalier.telemetry.view;

import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.espalier.telemetry.event.Envelope;
import io.espalier.telemetry.event.MaskEvent.MasksUpdated;
import io.espalier.telemetry.event.RunEvent.RunStarted;
import io.espalier.telemetry.event.Topic;
import io.espalier.telemetry.event.TrainingEvent.EvaluationCompleted;
import io.espalier.telemetry.event.TrainingEvent.StepsMeasured;
import io.espalier.telemetry.event.TrainingEvent.SyncCompleted;
import io.espalier.telemetry.outbox.RunHistory;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** The fold against the plain history, whichever way the topics interleave. */
final class RunDocumentTest {
  private static final Instant NOW = RandomRun.BEGUN.plusSeconds(20);

  @Property(tries = 300)
  void take_anyInterleavingOfTopics_givesTheSameDocument(@ForAll long seed) {
    List<Envelope> history = RandomRun.history(seed);
    Random random = new Random(seed);
    RunDocument ordered = fold(history, new Random(seed));

    RunDocument mixed = fold(RandomRun.interleaved(history, random), random);

    assertSame(document(mixed), document(ordered));
    assertThat(mixed.row()).isEqualTo(ordered.row());
  }

  @Property(tries = 300)
  void take_history_equalsWhatIsComputedFromAllOfIt(@ForAll long seed) {
    List<Envelope> history = RandomRun.history(seed);
    RunHistory valid = RunHistory.of(history);

    JsonNode found =
        document(fold(RandomRun.interleaved(history, new Random(seed)), new Random(seed)));

    JsonNode series = found.path("series");
    boolean running = found.at("/parts/run/state").asText().equals("running");
    assertSeries(series, "trainLoss", means(valid, running));
    assertSeries(series, "bytes", values(valid, SyncCompleted.class, s -> s.step(), s -> sent(s)));
    assertSeries(
        series,
        "validationAccuracy",
        values(
            valid,
            EvaluationCompleted.class,
            e -> e.set().equals(EvaluationCompleted.VALIDATION) ? e.step() : null,
            EvaluationCompleted::accuracy));
    assertSeries(
        series,
        "density/b",
        values(valid, MasksUpdated.class, u -> u.step(), u -> u.parameters().get(1).kept() / 40.0));
    JsonNode run = found.at("/parts/run");
    assertThat(run.at("/traffic/0").asLong())
        .isEqualTo(valid.all(SyncCompleted.class).mapToLong(s -> (long) sent(s)).sum());
    assertThat(run.has("kept"))
        .isEqualTo(
            valid.last(MasksUpdated.class).isPresent()
                || run.path("state").asText().equals("finished"));
    assertThat(run.path("attempt").asInt()).isEqualTo(history.get(history.size() - 1).attempt());
    assertThat(found.at("/parts/gaps")).isEmpty();
  }

  @Property(tries = 100)
  void take_oneTopicAfterTheOther_givesTheSameDocument(@ForAll long seed) {
    List<Envelope> history = RandomRun.history(seed);
    List<Topic> order = Arrays.asList(Topic.values());
    Collections.shuffle(order, new Random(seed));
    List<Envelope> byTopic = new ArrayList<>();
    for (Topic topic : order) {
      history.stream().filter(each -> each.topic() == topic).forEach(byTopic::add);
    }

    assertSame(
        document(fold(byTopic, new Random(seed))), document(fold(history, new Random(seed))));
  }

  /** Readers look at any moment; that must not change what they see in the end. */
  private static RunDocument fold(List<Envelope> events, Random looks) {
    RunDocument document = new RunDocument(RandomRun.ID);
    long version = 0;
    for (Envelope each : events) {
      document.take(each);
      if (looks.nextInt(10) == 0) {
        document.refresh(++version, NOW);
      }
    }
    document.refresh(++version, NOW);
    return document;
  }

  private static void assertSame(ObjectNode found, ObjectNode expected) {
    for (String kind : List.of("parts", "series")) {
      for (Map.Entry<String, JsonNode> each : expected.path(kind).properties()) {
        assertThat(found.path(kind).path(each.getKey()))
            .as(each.getKey())
            .isEqualTo(each.getValue());
      }
      assertThat(found.path(kind)).hasSameSizeAs(expected.path(kind));
    }
  }

  private static ObjectNode document(RunDocument document) {
    ObjectNode json = ViewJson.object();
    ObjectNode parts = json.putObject("parts");
    parts.setAll(document.parts().all());
    ObjectNode series = json.putObject("series");
    new TreeMap<>(document.series())
        .forEach(
            (name, points) -> {
              if (!points.isEmpty()) {
                series.set(name, points.json());
              }
            });
    return json;
  }

  /** Of complete steps, and of all once the run is not running. */
  private static SortedMap<Long, Double> means(RunHistory valid, boolean running) {
    SortedMap<Long, List<Double>> told = new TreeMap<>();
    valid
        .all(StepsMeasured.class)
        .forEach(
            steps -> {
              for (int i = 0; i < steps.losses().size(); i++) {
                told.computeIfAbsent(steps.firstStep() + i, step -> new ArrayList<>())
                    .add(steps.losses().get(i));
              }
            });
    int trainers = valid.last(RunStarted.class).orElseThrow().trainers();
    told.values().removeIf(each -> running && each.size() < trainers);
    return told.entrySet().stream()
        .collect(
            toMap(
                Map.Entry::getKey,
                each -> each.getValue().stream().reduce(0.0, Double::sum) / each.getValue().size(),
                (one, other) -> other,
                TreeMap::new));
  }

  private static double sent(SyncCompleted sync) {
    return sync.bytesUp() + sync.bytesDown();
  }

  private static <E extends io.espalier.telemetry.event.Event> SortedMap<Long, Double> values(
      RunHistory valid, Class<E> type, Function<E, Long> step, Function<E, Double> value) {
    SortedMap<Long, Double> values = new TreeMap<>();
    valid
        .all(type)
        .filter(each -> step.apply(each) != null)
        .forEach(each -> values.put(step.apply(each), value.apply(each)));
    return values;
  }

  private static void assertSeries(JsonNode series, String name, SortedMap<Long, Double> expected) {
    SortedMap<Long, Double> found = new TreeMap<>();
    JsonNode steps = series.path(name).path(0);
    for (int i = 0; i < steps.size(); i++) {
      JsonNode value = series.path(name).path(1).get(i);
      found.put(steps.get(i).asLong(), value.isNull() ? Double.NaN : value.asDouble());
    }
    assertThat(found.keySet()).as(name).isEqualTo(expected.keySet());
    found.forEach(
        (step, value) -> assertThat(value).as(name + " at " + step).isEqualTo(expected.get(step)));
  }
}
