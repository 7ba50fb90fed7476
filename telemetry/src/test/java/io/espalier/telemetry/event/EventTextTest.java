package io.espalier.telemetry.event;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.telemetry.event.FederationEvent.RoundCompleted;
import io.espalier.telemetry.event.FederationEvent.UpdateRefused;
import io.espalier.telemetry.event.HostEvent.AlertRaised;
import io.espalier.telemetry.event.MaskEvent.ChannelsCut;
import io.espalier.telemetry.event.MaskEvent.MasksUpdated;
import io.espalier.telemetry.event.RunEvent.RunFailed;
import io.espalier.telemetry.event.RunEvent.RunStarted;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class EventTextTest {
  static List<Event> samples() {
    return SampleEvents.all();
  }

  @Test
  void line_stepsOfTrainer_readsWell() {
    assertThat(line(SampleEvents.steps(1, 17, 2.0, 1.0)))
        .isEqualTo(
            "12:30:15.250 trainer-1  StepsMeasured       steps 17–18 · loss 1.5000 · "
                + "25.00% right · learning rate 0.0500 · 640 samples/s");
  }

  @Test
  void line_completedRound_readsWell() {
    Event round =
        SampleEvents.all().stream()
            .filter(RoundCompleted.class::isInstance)
            .findAny()
            .orElseThrow();

    assertThat(line(round))
        .isEqualTo(
            "12:30:15.250 run        RoundCompleted      round 7 · adjustment · 10 of 13 reported, "
                + "1 late, 1 lost, 1 refused · loss 1.2500 · 312.0 kB up · 287.0 kB down, "
                + "6.1% of dense · 120 pruned · 120 regrown · 4.5 s");
  }

  @Test
  void line_startOfTaggedRun_namesTheTags() {
    Event started = new RunStarted("pear", 1, 2, 100, 10, 1_000, 100, 0.9, List.of("a", "b c"));

    assertThat(line(started)).endsWith("1000 prunable units to sparsity 90.00% · tags a, b c");
  }

  @Test
  void line_cut_tellsChannelsAndWhatTheySave() {
    Event cut =
        SampleEvents.all().stream().filter(ChannelsCut.class::isInstance).findAny().orElseThrow();

    assertThat(line(cut))
        .endsWith(
            "ChannelsCut         step 16 · 6 → 4 channels, MACs −33 % to 66.7 % of dense · "
                + "156 → 104 parameters · mask version 2 · 0.003 s");
  }

  @Test
  void line_masksOfChannels_tellsTheShareOfTheBudget() {
    Event masks =
        SampleEvents.all().stream().filter(MasksUpdated.class::isInstance).findAny().orElseThrow();

    assertThat(line(masks)).contains("mask version 1 · macs pruned 10.01% of 10.00% · 135 units");
  }

  @Test
  void line_masksOfARefit_tellsHowManyLayersChanged() {
    Event masks =
        SampleEvents.all().stream().filter(MasksUpdated.class::isInstance).findAny().orElseThrow();

    assertThat(line(masks)).contains("135 units kept · refit: 0 of 8 layers · 0.002 s");
  }

  @Test
  void line_alert_tellsKindStepAndText() {
    Event alert = new AlertRaised(AlertRaised.DEAD_TRAINER, 16, "trainer-1 failed");

    assertThat(line(alert))
        .endsWith("AlertRaised         at step 16 · dead-trainer · trainer-1 failed");
  }

  @Test
  void line_refusalOfSomeoneUnknown_saysSo() {
    Event refused =
        new UpdateRefused(Optional.empty(), Optional.empty(), "unknown-client", "serial=7");

    assertThat(line(refused)).endsWith("unknown client · unknown-client · serial=7");
  }

  @Test
  void sentence_namesTheTypeInWords() {
    assertThat(EventText.sentence(new HostEvent.CheckpointFailed(5, "disk full")))
        .isEqualTo("checkpoint failed: step 5 · disk full");
  }

  @Test
  void detail_leavesTheStepOut() {
    assertThat(EventText.detail(new HostEvent.CheckpointFailed(5, "disk full")))
        .isEqualTo("disk full");
  }

  @ParameterizedTest
  @MethodSource("samples")
  void line_everyType_hasTextOfItsOwn(Event event) {
    assertThat(line(event)).doesNotContain("[", "\n").hasSizeGreaterThan(46);
  }

  @Test
  void line_controlCharacters_becomeSpaces() {
    assertThat(line(new RunFailed(1, 2, "a\n\u001b[31mred"))).endsWith("at step 2 · a [31mred");
  }

  private static String line(Event event) {
    Instant time = Instant.parse("2026-01-01T12:30:15.250Z");
    return EventText.line(Envelope.of(new RunId("run"), 1, 1, time, event));
  }
}
