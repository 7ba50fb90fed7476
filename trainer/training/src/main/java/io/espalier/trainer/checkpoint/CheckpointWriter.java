package io.espalier.trainer.checkpoint;

import io.espalier.configs.file.AtomicFile;
import io.espalier.masks.channel.ChannelCodec;
import io.espalier.masks.codec.MaskCodec;
import io.espalier.trainer.file.Sha256;
import io.espalier.trainer.prepare.PreparedRun;
import io.espalier.trainer.run.CodeVersion;
import io.espalier.trainer.state.MaskState;
import io.espalier.trainer.sync.Committed;
import io.espalier.trainer.sync.Traffic;
import io.espalier.trainer.sync.ValidationRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;

/** Fills one checkpoint directory, each file forced to disk, the manifest last. */
final class CheckpointWriter {
  static final String MASKS = "masks.bin";
  static final String ANNEALING = "annealing.bin";
  static final String CHANNELS = "channels.bin";

  private final PreparedRun run;
  private final RunIdentity identity;
  private final RunEpoch epoch;

  CheckpointWriter(PreparedRun run, RunIdentity identity, RunEpoch epoch) {
    this.run = run;
    this.identity = identity;
    this.epoch = epoch;
  }

  void write(
      Path directory,
      Committed committed,
      Traffic traffic,
      ValidationRecord validation,
      double trainedSeconds)
      throws IOException {
    MaskState masks = committed.masks();
    StateFile.write(directory, committed.run(), committed.state());
    if (masks.channels().isPresent()) {
      write(directory.resolve(CHANNELS), ChannelCodec.encode(masks.channels().get()));
    } else {
      write(directory.resolve(MASKS), MaskCodec.encodeFull(masks.masks()));
      write(directory.resolve(ANNEALING), masks.encodedAnnealing());
    }
    if (committed.stream().isPresent()) {
      StreamFile.write(directory, committed.stream().get());
    }
    if (ValidationFile.isPartOf(run)) {
      ValidationFile.write(directory, validation);
    }
    new Manifest(
            new Manifest.ManifestHeader(Manifest.FORMAT, epoch.term(), CodeVersion.current()),
            identity,
            new Manifest.StateFacts(
                committed.run().layout().digest(),
                committed.step(),
                masks.masks().version().number(),
                masks.updatedAt(),
                committed.recalibrated(),
                committed.digest()),
            new Manifest.Totals(
                traffic.sent(), traffic.dense(), traffic.executedMacs(), trainedSeconds),
            committed.run().capability(committed.step()),
            run.arithmetic(),
            digests(directory))
        .write(directory);
  }

  static List<String> files(PreparedRun run) {
    return Stream.of(
            Stream.of(StateFile.NAME),
            run.channels().isPresent() ? Stream.of(CHANNELS) : Stream.of(MASKS, ANNEALING),
            run.streams() ? Stream.of(StreamFile.NAME) : Stream.<String>empty(),
            ValidationFile.isPartOf(run) ? Stream.of(ValidationFile.NAME) : Stream.<String>empty())
        .flatMap(Function.identity())
        .toList();
  }

  private Map<String, String> digests(Path directory) throws IOException {
    Map<String, String> digests = new TreeMap<>();
    for (String file : files(run)) {
      digests.put(file, Sha256.ofFile(directory.resolve(file)));
    }
    return digests;
  }

  private static void write(Path file, byte[] bytes) throws IOException {
    AtomicFile.write(file, out -> out.write(bytes));
  }

  long bytes(Path directory) throws IOException {
    long bytes = Files.size(directory.resolve(Manifest.FILE));
    for (String file : files(run)) {
      bytes += Files.size(directory.resolve(file));
    }
    return bytes;
  }
}
