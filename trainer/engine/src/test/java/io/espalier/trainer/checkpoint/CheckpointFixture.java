package io.espalier.trainer.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.espalier.trainer.file.Sha256;
import io.espalier.trainer.prepare.PreparedRun;
import io.espalier.trainer.run.LoopListener;
import io.espalier.trainer.run.SampleRuns;
import io.espalier.trainer.run.TrainingLoop;
import io.espalier.trainer.sync.SyncOutcome;
import io.espalier.trainer.sync.Traffic;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** Checkpoints of one short run, written at chosen syncs and tampered with. */
abstract class CheckpointFixture {
  static final String RECIPE = "seed = 7";
  static final Traffic TRAFFIC = new Traffic(123, 456);
  static final List<SyncOutcome> SYNCS = new ArrayList<>();
  static PreparedRun run;

  @TempDir Path directory;
  final List<String> warnings = new ArrayList<>();

  @BeforeAll
  static void train() {
    run = SampleRuns.prepared(SampleRuns.MLP, SampleRuns.SGD, SampleRuns.ANNEALED, 2, 5);
    SYNCS.clear();
    TrainingLoop.run(
        run,
        new LoopListener() {
          @Override
          public void committed(SyncOutcome outcome, Traffic traffic) {
            SYNCS.add(outcome);
          }
        });
  }

  final Checkpoints checkpoints(int keep) {
    return Checkpoints.in(directory, run, RECIPE, keep, RunEpoch.locked(1));
  }

  final void writeAt(int... syncs) throws IOException {
    for (int sync : syncs) {
      checkpoints(2).write(SYNCS.get(sync).committed(), TRAFFIC, 1);
    }
  }

  /** Changes a manifest as one who knows its format would. */
  final void edit(String checkpoint, String from, String to) throws IOException {
    Path file = directory.resolve(checkpoint).resolve("manifest.json");
    JsonMapper json = JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();
    String text = json.writeValueAsString(json.readTree(file.toFile()).get("manifest"));
    String edited = text.replace(from, to);
    assertThat(edited).isNotEqualTo(text);
    ObjectNode root = json.createObjectNode();
    root.set("manifest", json.readTree(edited));
    root.put("sha256", Sha256.ofText(edited));
    json.writeValue(file.toFile(), root);
  }

  final long step() {
    return checkpoints(2).latest(warnings::add).orElseThrow().committed().step();
  }

  final List<String> names() throws IOException {
    try (Stream<Path> paths = Files.list(directory)) {
      return paths.map(path -> path.getFileName().toString()).sorted().toList();
    }
  }

  static long bytesIn(Path directory) throws IOException {
    try (Stream<Path> paths = Files.list(directory)) {
      return paths.mapToLong(path -> path.toFile().length()).sum();
    }
  }
}
