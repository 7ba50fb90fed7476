package io.espalier.training.run;

import io.espalier.configs.RunConfig;
import io.espalier.masks.ParameterId;
import io.espalier.telemetry.event.Event;
import io.espalier.telemetry.event.RunEvent;
import io.espalier.trainer.engine.EnginePlatform;
import io.espalier.trainer.network.ParameterSpec;
import io.espalier.trainer.prepare.PreparedRun;
import io.espalier.trainer.run.CodeVersion;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The first events of an attempt: where its numbers come from, and what is trained. */
public final class ProvenanceEvents {
  private ProvenanceEvents() {}

  /**
   * What an attempt says first.
   *
   * @param fromStep completed steps of the checkpoint that it goes on from; 0 without one
   */
  public static List<Event> of(PreparedRun run, String recipe, int attempt, long fromStep) {
    List<Event> events = new ArrayList<>(List.of(provenance(run, recipe)));
    if (attempt > 1) {
      events.add(new RunEvent.RunResumed(attempt, fromStep));
    }
    if (fromStep == 0) {
      events.add(started(run, attempt));
    }
    events.add(parameters(run));
    return events;
  }

  private static RunEvent.RunStarted started(PreparedRun run, int attempt) {
    return new RunEvent.RunStarted(
        run.config().name(),
        attempt,
        run.config().train().trainers(),
        run.plan().totalSteps(),
        run.plan().stepsPerEpoch(),
        run.plan().prunable(),
        run.plan().finalKept(),
        run.plan().finalSparsity(),
        run.config().tags());
  }

  private static RunEvent.Provenance provenance(PreparedRun run, String recipe) {
    return new RunEvent.Provenance(
        CodeVersion.current(),
        Runtime.version().toString(),
        System.getProperty("os.name")
            + " "
            + System.getProperty("os.version")
            + " "
            + System.getProperty("os.arch"),
        Runtime.getRuntime().availableProcessors(),
        versions(run.config()),
        run.config().seed(),
        run.config().train().trainers(),
        EnginePlatform.threadsPerTrainer(),
        run.dataset().name(),
        "sha256:" + run.dataset().digest(),
        run.layout().digest(),
        recipe);
  }

  private static Map<String, String> versions(RunConfig config) {
    Map<String, String> versions = new HashMap<>(LibraryVersions.libraries());
    versions.putAll(LibraryVersions.members(config));
    return versions;
  }

  private static RunEvent.ParametersDescribed parameters(PreparedRun run) {
    Set<ParameterId> prunable = new HashSet<>(run.prunableIds());
    return new RunEvent.ParametersDescribed(
        run.network().parameters().stream()
            .map(parameter -> describe(parameter, prunable.contains(parameter.id())))
            .toList());
  }

  private static RunEvent.ParameterInfo describe(ParameterSpec parameter, boolean prunable) {
    return new RunEvent.ParameterInfo(
        parameter.id().name(),
        parameter.shape().dimensions().stream().map(Integer::longValue).toList(),
        parameter.shape().size(),
        prunable,
        parameter.macs());
  }
}
