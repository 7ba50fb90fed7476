package io.espalier.telemetry.event;

import io.espalier.telemetry.event.FederationEvent.CandidateChosen;
import io.espalier.telemetry.event.FederationEvent.ClientJoined;
import io.espalier.telemetry.event.FederationEvent.ClientLate;
import io.espalier.telemetry.event.FederationEvent.ClientLeft;
import io.espalier.telemetry.event.FederationEvent.ClientReported;
import io.espalier.telemetry.event.FederationEvent.FederationDescribed;
import io.espalier.telemetry.event.FederationEvent.RoundCompleted;
import io.espalier.telemetry.event.FederationEvent.RoundRejected;
import io.espalier.telemetry.event.FederationEvent.RoundStarted;
import io.espalier.telemetry.event.FederationEvent.TierEvaluated;
import io.espalier.telemetry.event.FederationEvent.UpdateRefused;
import io.espalier.telemetry.event.HostEvent.AlertCleared;
import io.espalier.telemetry.event.HostEvent.AlertRaised;
import io.espalier.telemetry.event.HostEvent.CheckpointFailed;
import io.espalier.telemetry.event.HostEvent.CheckpointWritten;
import io.espalier.telemetry.event.HostEvent.EventsLost;
import io.espalier.telemetry.event.HostEvent.RecordsSkipped;
import io.espalier.telemetry.event.HostEvent.ResourcesMeasured;
import io.espalier.telemetry.event.HostEvent.StreamFlowing;
import io.espalier.telemetry.event.HostEvent.StreamOpened;
import io.espalier.telemetry.event.HostEvent.StreamWaiting;
import io.espalier.telemetry.event.HostEvent.TrainerFailed;
import io.espalier.telemetry.event.HostEvent.TrainerRestarted;
import io.espalier.telemetry.event.MaskEvent.ChannelsCut;
import io.espalier.telemetry.event.MaskEvent.CutParameter;
import io.espalier.telemetry.event.MaskEvent.GroupWidth;
import io.espalier.telemetry.event.MaskEvent.MaskPicture;
import io.espalier.telemetry.event.MaskEvent.MasksUpdated;
import io.espalier.telemetry.event.MaskEvent.NetworkSize;
import io.espalier.telemetry.event.MaskEvent.ParameterMaskState;
import io.espalier.telemetry.event.MaskEvent.ParameterMasks;
import io.espalier.telemetry.event.MaskEvent.Refitted;
import io.espalier.telemetry.event.RunEvent.ParameterInfo;
import io.espalier.telemetry.event.RunEvent.ParametersDescribed;
import io.espalier.telemetry.event.RunEvent.Provenance;
import io.espalier.telemetry.event.RunEvent.RunFailed;
import io.espalier.telemetry.event.RunEvent.RunFinished;
import io.espalier.telemetry.event.RunEvent.RunResumed;
import io.espalier.telemetry.event.RunEvent.RunStarted;
import io.espalier.telemetry.event.RunEvent.RunState;
import io.espalier.telemetry.event.RunEvent.RunStopped;
import io.espalier.telemetry.event.TrainingEvent.EvaluationCompleted;
import io.espalier.telemetry.event.TrainingEvent.StepsMeasured;
import io.espalier.telemetry.event.TrainingEvent.SyncCompleted;
import io.espalier.telemetry.event.TrainingEvent.SyncTimes;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/** One event of every type. */
public final class SampleEvents {
  private static final SyncTimes SYNC = new SyncTimes(0.001, 0.002, 0.003, 0.004, 0.005);

  private SampleEvents() {}

  public static List<Event> all() {
    return List.of(
        new RunStarted(
            "lenet-5 gradual", 1, 2, 4_000, 400, 44_190, 2_210, 0.95, List.of("baseline", "mine")),
        new RunResumed(2, 800),
        new RunEvent.ExecutionSwitched(640, "sparse"),
        new RunStopped(1, 810, "interrupted", Optional.of(RunEvent.RunState.PAUSED)),
        new RunFailed(1, 811, "loss is NaN: step=811, parameter=conv1.weight"),
        new RunFinished(2, 4_000, 0.8912, 0.31, 2_210, 61.5),
        new RunState(
            "running",
            "lenet-5 gradual",
            1,
            16,
            4_000,
            0.1,
            OptionalDouble.empty(),
            List.of("baseline", "mine"),
            OptionalLong.of(416_520),
            OptionalLong.of(416_520),
            OptionalDouble.of(2.25)),
        new Provenance(
            "0.1.0",
            "17.0.9",
            "Linux",
            2,
            Map.of("djl", "0.36.0"),
            42,
            2,
            1,
            "digits",
            "sha256:ab",
            "hash:cd",
            "name = \"x\" # <script>",
            Optional.of(
                new RunEvent.ParentRun("digits-20260102-030405", 40, List.of("train.epochs = 30"))),
            Optional.of("AMD EPYC 7763 64-Core Processor"),
            Optional.of("avx2 (AuthenticAMD)")),
        new ParametersDescribed(
            List.of(new ParameterInfo("conv1.weight", List.of(6L, 1L, 5L, 5L), 150, true, 86_400))),
        steps(0, 1, 2.25, 1.5),
        new SyncCompleted(16, 1, 1_000, 2_000, 4_000, 0.015, 1, "hash:ef", 0.004),
        new EvaluationCompleted(16, 1, "validation", "before-update", 0.5, 1.25, 500, 0.02),
        new MasksUpdated(
            16,
            1,
            0.1,
            0.0999,
            135,
            List.of(new ParameterMasks("conv1.weight", 150, 135, 135, 15, 0)),
            0.002,
            Optional.of(MasksUpdated.MACS),
            OptionalDouble.of(0.8999),
            Optional.of(new Refitted(8, 0))),
        new ChannelsCut(
            16,
            2,
            "cd",
            List.of(new GroupWidth("conv1.weight", 6, 6, 4)),
            List.of(new CutParameter("conv1.weight", List.of(4L, 1L, 5L, 5L), 57_600)),
            new NetworkSize(156, 86_400, 1_248),
            new NetworkSize(104, 57_600, 832),
            new NetworkSize(156, 86_400, 1_248),
            0.003),
        new ParameterMaskState("conv1.weight", 16, 1, 150, 135, 15, 0),
        new MaskPicture(
            "conv1.weight", 16, 1, MaskPicture.WINDOW, 1, 2, "row", "column", 0.5, "/4A="),
        new CheckpointWritten(16, "checkpoints/16", 123_456),
        new CheckpointFailed(32, "No space left on device"),
        new EventsLost(
            3,
            Map.of("espalier.metrics.v1", 2L, "espalier.events.v1", 1L),
            "No space left on device"),
        new StreamOpened("clicks", "u2dJ", List.of(0, 1), List.of(1_200L, 1_199L)),
        new StreamWaiting("clicks", 1, 10.5, "no new record"),
        new StreamFlowing("clicks", 42.25),
        new RecordsSkipped("clicks", 3, 0, 1_234, "a record must have a label"),
        new TrainerFailed(1, 1, 16, "java.lang.IllegalStateException: lost"),
        new TrainerRestarted(1, 2, 16),
        new AlertRaised(AlertRaised.DISK_LOW, 16, "200 MB are free"),
        new AlertCleared(AlertRaised.DISK_LOW, 32, "2 GB are free"),
        new ResourcesMeasured(
            0.75, 1 << 20, 1 << 28, 3, 40, 0, 1 << 27, OptionalLong.of(1L << 33), 2, 5),
        new FederationDescribed("fedtiny", 100, 10, 6, 1.3, 2, "float16", List.of(0.02, 0.05)),
        new CandidateChosen(1, 2, List.of(2.25, 1.5)),
        new RoundStarted("7", RoundCompleted.ADJUSTMENT, 6, 10, 13, 90, 1, 0.05),
        new RoundCompleted(
            "7",
            RoundCompleted.ADJUSTMENT,
            7,
            13,
            10,
            1,
            1,
            1,
            4_800,
            OptionalDouble.of(1.25),
            312_000,
            287_000,
            9_800_000,
            2,
            120,
            120,
            4.5,
            0.25),
        new RoundRejected("7", 7, 0.31, 9.5, 2.61),
        new TierEvaluated(
            "7", 7, 0.02, 40, 0.81, 0.55, 10_000, OptionalDouble.of(0.5), OptionalDouble.of(0.79)),
        new ClientJoined("meter-17", 0.02, 480, "espalier 0.1.0", OptionalDouble.of(0.5)),
        new ClientLeft("meter-17", "stream ended"),
        new ClientReported("meter-17", "7", 480, OptionalDouble.of(1.5), 0.75, 31_200, 3.5, 1),
        new ClientLate("meter-18", "7", "no progress for 30 s"),
        new UpdateRefused(
            Optional.of("meter-19"), Optional.of("6"), "stale-round", "round=6, current=7"));
  }

  /** Steps of one trainer with these losses. */
  public static StepsMeasured steps(int trainer, long firstStep, Double... losses) {
    List<Double> accuracies = Collections.nCopies(losses.length, 0.25);
    return new StepsMeasured(
        trainer, firstStep, List.of(losses), accuracies, 0.05, 0.2, 640, Optional.of(SYNC));
  }
}
