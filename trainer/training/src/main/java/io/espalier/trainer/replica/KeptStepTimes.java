package io.espalier.trainer.replica;

import io.espalier.configs.StepConfig;
import io.espalier.configs.file.AtomicFile;
import io.espalier.configs.file.Json;
import io.espalier.trainer.capability.EngineCapability;
import io.espalier.trainer.execution.BackEnds;
import io.espalier.trainer.execution.Execution;
import io.espalier.trainer.executor.TrainerThreads;
import io.espalier.trainer.file.Sha256;
import io.espalier.trainer.prepare.PreparedRun;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Times of steps that were measured on this machine: a file for each processor, Java, network and
 * way to step, in one directory. Processes may share it.
 */
record KeptStepTimes(Path directory) {
  /** The content of a file, with what it depends on for readers. */
  private record Content(List<String> of, StepTimes times) {}

  /** Returns the times of a run's steps, measured now if they have not been, or cannot be read. */
  StepTimes of(PreparedRun run, Supplier<StepTimes> measured) {
    List<String> key = key(run);
    Path file = directory.resolve(Sha256.ofText(String.join("\n", key)).substring(0, 16) + ".json");
    Optional<StepTimes> kept = read(file, key);
    if (kept.isPresent()) {
      return kept.get();
    }
    StepTimes times = measured.get();
    keep(file, new Content(key, times));
    return times;
  }

  /** What cannot be written is measured by each run. */
  private void keep(Path file, Content content) {
    try {
      byte[] json = Json.LENIENT.writerWithDefaultPrettyPrinter().writeValueAsBytes(content);
      Files.createDirectories(directory);
      AtomicFile.write(file, out -> out.write(json));
    } catch (IOException e) {
      // A home that is full or cannot be written, as good as an empty one.
      return;
    }
  }

  private static Optional<StepTimes> read(Path file, List<String> key) {
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    try {
      return Optional.ofNullable(
              Json.LENIENT.readValue(Files.readString(file, StandardCharsets.UTF_8), Content.class))
          .filter(content -> key.equals(content.of()))
          .map(Content::times);
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private static List<String> key(PreparedRun run) {
    StepConfig step = run.config().train().step();
    return List.of(
        "processor " + EngineCapability.processor(),
        "engine " + EngineCapability.current() + ", threads " + EngineCapability.threads(),
        "Java " + System.getProperty("java.vm.version"),
        "Java computes " + BackEnds.of(Execution.JAVA).computing(),
        "threads " + TrainerThreads.of(run.config()),
        "network " + Sha256.ofText(run.network().nodes().toString()),
        "weights " + run.layout().digest() + ", norms " + run.config().train().compute().norms(),
        "prunable " + Sha256.ofText(run.prunableIds().toString()),
        "step of "
            + run.config().stepExamples()
            + " in parts of "
            + run.config().data().batchSize(),
        "input " + run.network().input(),
        "optimizer " + step.optimizer() + ", clip-norm " + step.clipNorm(),
        "rules " + step.rules() + ", freeze " + step.freeze(),
        "loss " + run.config().train().loss(),
        "mask " + run.config().prune().mask(),
        "units " + run.config().prune().granularity());
  }
}
