package io.espalier.telemetry.view;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.telemetry.event.Envelope;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** What readers put together, against what a reader is told who comes last. */
final class SubscriptionTest {
  @Property(tries = 150)
  void poll_atAnyMoments_addsUpToTheWholeDocument(@ForAll long seed) {
    Random random = new Random(seed);
    ReadModel whole = new ReadModel(Clock.fixed(RandomRun.BEGUN, ZoneOffset.UTC));
    Subject subject = Subject.of(RandomRun.ID);
    Reader reader = new Reader();
    try (Subscription subscription = whole.subscribe(List.of(subject))) {
      for (Envelope each : RandomRun.interleaved(RandomRun.history(seed), random)) {
        whole.take(each);
        if (random.nextInt(8) == 0) {
          reader.apply(subject.name(), subscription.poll());
        }
      }
      reader.apply(subject.name(), subscription.poll());
    }
    Reader late = new Reader();
    late.apply(subject.name(), whole.subscribe(List.of(subject)).poll());

    assertThat(reader.document()).isEqualTo(late.document());
    assertThat(reader.snapshots()).isEqualTo(1);
  }
}
