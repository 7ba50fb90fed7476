package io.espalier.service.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.service.Ownership;
import io.espalier.service.Quotas;
import io.espalier.service.Submitter;
import io.espalier.service.View;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class RecentSubmissionsTest {
  private static final Instant NOON = Instant.parse("2027-01-01T12:00:00Z");
  private static final Ownership ANN = Ownership.of("ann", "vision");
  private static final Ownership BOB = Ownership.of("bob", "vision");

  private final RecentSubmissions recent = new RecentSubmissions();

  @Test
  void window_slides_andIsFreeWhenItsOldestLeaves() {
    // Given
    add(0, ANN);
    add(600, BOB);
    add(1_200, ANN);
    add(1_800, ANN);

    // Then
    assertThat(free(1_800, 4)).isEmpty();
    assertThat(free(1_800, 3)).contains(NOON.plusSeconds(3_600));
    assertThat(free(1_800, 2)).contains(NOON.plusSeconds(4_800));
    assertThat(free(1_800, 1)).contains(NOON.plusSeconds(5_400));
    assertThat(free(3_599, 3)).contains(NOON.plusSeconds(3_600));
    assertThat(free(3_600, 3)).isEmpty();
  }

  @Test
  void old_areForgottenWithTheNext() {
    add(0, ANN);
    add(1, ANN);
    add(3_600, BOB);

    assertThat(recent.all())
        .extracting(RecentSubmissions.Entry::ownership)
        .containsExactly(ANN, BOB);
  }

  @Test
  void state_restoredFromItsSnapshot_countsTheSame() {
    SchedulerState state = new SchedulerState();
    RunSpec spec = SchedulerStage.SAMPLE.of(new Submitter(ANN, View.WHOLE, Quotas.NONE));
    state.after(
        new SchedulerEvent.Noted(
            "writer", new SchedulerEvent.Registered(1, "r1", spec, Optional.empty(), "digest")));

    SchedulerState restored = SchedulerState.of(state.saved());

    assertThat(restored.recent().all()).isEqualTo(state.recent().all()).hasSize(1);
    assertThat(restored.find("r1").orElseThrow().status().ownership()).isEqualTo(ANN);
  }

  private Optional<Instant> free(long second, long limit) {
    return recent.free(ANN::equals, NOON.plusSeconds(second), limit);
  }

  private void add(long second, Ownership whose) {
    recent.add(new RecentSubmissions.Entry(NOON.plusSeconds(second), whose));
  }
}
