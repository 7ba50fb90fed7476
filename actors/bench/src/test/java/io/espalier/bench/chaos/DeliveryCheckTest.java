package io.espalier.bench.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.telemetry.event.MaskEvent.ParameterMaskState;
import io.espalier.telemetry.event.RawEnvelope;
import io.espalier.telemetry.event.RunEvent.RunResumed;
import java.util.List;
import org.junit.jupiter.api.Test;

class DeliveryCheckTest {
  private static final RawEnvelope FIRST = Told.raw(1, new RunResumed(2, 0));
  private static final RawEnvelope SECOND = Told.raw(2, new RunResumed(3, 0));
  private static final RawEnvelope THIRD = Told.raw(3, new RunResumed(4, 0));
  private static final RawEnvelope OLD_MASK = mask(1, 90);
  private static final RawEnvelope NEW_MASK = mask(2, 80);

  @Test
  void of_repeatedInOrder_isWhole() {
    DeliveryCheck delivery =
        DeliveryCheck.of(
            List.of(FIRST, OLD_MASK, SECOND, NEW_MASK, THIRD),
            List.of(FIRST, SECOND, SECOND, THIRD, OLD_MASK, NEW_MASK, OLD_MASK, NEW_MASK));

    assertThat(delivery).isEqualTo(new DeliveryCheck(8, 3, List.of()));
  }

  @Test
  void of_compactedTopic_needsItsNewestOnly() {
    assertThat(DeliveryCheck.of(List.of(OLD_MASK, NEW_MASK), List.of(NEW_MASK)).differences())
        .isEmpty();
    assertThat(
            DeliveryCheck.of(List.of(OLD_MASK, NEW_MASK), List.of(NEW_MASK, OLD_MASK))
                .differences())
        .singleElement()
        .asString()
        .contains("newest of key run:fc.weight, topic espalier.masks.v1");
  }

  @Test
  void of_missingOrOutOfOrder_isTold() {
    assertThat(DeliveryCheck.of(List.of(FIRST, SECOND), List.of(FIRST)).differences())
        .singleElement()
        .asString()
        .contains("source run, topic espalier.events.v1: 1 events, the outbox has 2", "found=none");
    assertThat(DeliveryCheck.of(List.of(FIRST, SECOND), List.of(SECOND, FIRST)).differences())
        .hasSize(1);
    assertThat(DeliveryCheck.of(List.of(FIRST), List.of(FIRST, SECOND)).differences())
        .singleElement()
        .asString()
        .contains("expected=none");
  }

  @Test
  void of_twoEventsOfOneId_isTold() {
    RawEnvelope other = Told.raw(1, new RunResumed(2, 16));

    assertThat(DeliveryCheck.of(List.of(FIRST), List.of(FIRST, other)).differences())
        .containsExactly("Kafka holds two events of source run, id run/events-1");
  }

  private static RawEnvelope mask(long sequence, long kept) {
    return Told.raw(
        sequence, new ParameterMaskState("fc.weight", sequence, (int) sequence, 100, kept, 10, 0));
  }
}
