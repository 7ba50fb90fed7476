package io.espalier.telemetry.event;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class EventTypeTest {
  @Test
  void registry_everyPermittedRecord_hasExactlyOneType() {
    List<Class<?>> records = recordsOf(Event.class);

    assertThat(EventType.all()).extracting(EventType::record).hasSameSizeAs(records);
    assertThat(EventType.all().stream().<Class<?>>map(EventType::record))
        .containsExactlyInAnyOrderElementsOf(records);
  }

  @Test
  void registry_names_areUniqueAndStable() {
    assertThat(EventType.all())
        .extracting(EventType::name)
        .doesNotHaveDuplicates()
        .allMatch(name -> name.matches("io\\.espalier\\.[a-z]+\\.[a-z]+\\.v1"))
        .contains("io.espalier.run.started.v1", "io.espalier.masks.updated.v1");
  }

  @Test
  void samples_everyType_hasOne() {
    assertThat(SampleEvents.all().stream().map(EventType::of))
        .containsExactlyElementsOf(EventType.all());
  }

  @Test
  void named_unknownName_isEmpty() {
    assertThat(EventType.named("io.espalier.run.started.v9")).isEmpty();
  }

  private static List<Class<?>> recordsOf(Class<?> type) {
    if (type.isRecord()) {
      return List.of(type);
    }
    List<Class<?>> records = new ArrayList<>();
    for (Class<?> permitted : type.getPermittedSubclasses()) {
      records.addAll(recordsOf(permitted));
    }
    return records;
  }
}
