package io.espalier.trainer.checkpoint;

import io.espalier.configs.InvalidConfigException;
import io.espalier.masks.MaskVersion;
import io.espalier.masks.channel.ChannelCodec;
import io.espalier.masks.channel.ChannelState;
import io.espalier.masks.codec.DamagedMaskException;
import io.espalier.trainer.file.Sha256;
import io.espalier.trainer.network.NetworkGroups;
import io.espalier.trainer.prepare.PreparedRun;
import io.espalier.trainer.state.MaskState;
import io.espalier.trainer.state.TrainingState;
import io.espalier.trainer.sync.Committed;
import io.espalier.trainer.sync.ForwardMacs;
import io.espalier.trainer.sync.Traffic;
import io.espalier.trainer.sync.ValidationRecord;
import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

final class CheckpointReader {
  private final PreparedRun run;
  private final RunIdentity identity;

  CheckpointReader(PreparedRun run, RunIdentity identity) {
    this.run = run;
    this.identity = identity;
  }

  /** Throws {@link IOException} for damage, {@link InvalidConfigException} for another run. */
  Checkpoint read(Path directory, long step) throws IOException {
    Checkpoint checkpoint = read(directory);
    if (checkpoint.committed().step() != step) {
      throw new DamagedCheckpointException(
          "a manifest's step must be that of its directory: step=" + checkpoint.committed().step());
    }
    return checkpoint;
  }

  /** Reads a checkpoint whose directory does not name its step. */
  Checkpoint read(Path directory) throws IOException {
    Manifest manifest = Manifest.read(directory);
    if (manifest.header().format() != Manifest.FORMAT
        && manifest.header().format() != Manifest.BEFORE_LAYOUTS) {
      throw InvalidConfigException.of(
          directory.toString(),
          "a checkpoint must be of format %d or %d: format=%d; resume with the version that wrote it, %s"
              .formatted(
                  Manifest.BEFORE_LAYOUTS,
                  Manifest.FORMAT,
                  manifest.header().format(),
                  manifest.header().codeVersion()));
    }
    requireDigests(directory, manifest);
    identity.requireSame(manifest.identity(), directory.toString());
    return new Checkpoint(
        directory,
        committed(directory, manifest),
        manifest.header().term(),
        new Traffic(
            manifest.totals().bytesSent(),
            manifest.totals().bytesSentDense(),
            executedMacs(manifest)),
        ValidationFile.isPartOf(run) ? ValidationFile.read(directory) : ValidationRecord.NONE,
        manifest.totals().trainedSeconds(),
        manifest.header().codeVersion(),
        manifest.capability(),
        manifest.arithmetic());
  }

  /** Earlier versions computed on the engine; channels that they cut count as if uncut. */
  private long executedMacs(Manifest manifest) {
    return manifest.totals().executedMacs() == Manifest.UNCOUNTED
        ? ForwardMacs.ofEngine(manifest.state().step(), run)
        : manifest.totals().executedMacs();
  }

  private void requireDigests(Path directory, Manifest manifest) throws IOException {
    for (String name : CheckpointWriter.files(run)) {
      Path file = directory.resolve(name);
      String found = Files.isRegularFile(file) ? Sha256.ofFile(file) : "missing";
      String expected = manifest.files().getOrDefault(name, "none");
      if (!found.equals(expected)) {
        throw new DamagedCheckpointException(
            "a file must have the SHA-256 of its manifest: file=%s, manifest=%s, found=%s"
                .formatted(name, expected, found));
      }
    }
  }

  private Committed committed(Path directory, Manifest manifest) throws IOException {
    Optional<ChannelState> channels = channels(directory);
    PreparedRun laidOut = channels.map(state -> run.cut(state.present())).orElse(run);
    if (!laidOut.layout().digest().equals(manifest.state().layoutDigest())) {
      throw new DamagedCheckpointException(
          "channels must leave the layout of the manifest: manifest=%s, found=%s"
              .formatted(manifest.state().layoutDigest(), laidOut.layout().digest()));
    }
    MaskState masks =
        channels.isPresent()
            ? laidOut.masks(
                channels.get(),
                new MaskVersion(manifest.state().maskVersion()),
                manifest.state().updatedAt())
            : masks(directory, manifest);
    TrainingState state = StateFile.read(directory, laidOut);
    Committed committed =
        new Committed(
            manifest.state().step(),
            state,
            masks,
            manifest.state().recalibrated(),
            laidOut,
            run.streams()
                ? Optional.of(StreamFile.read(directory, run.streamPartitions()))
                : Optional.empty());
    if (!committed.digest().equals(manifest.state().stateDigest())) {
      throw new DamagedCheckpointException(
          "a state must have the digest of its manifest: manifest=%s, found=%s"
              .formatted(manifest.state().stateDigest(), committed.digest()));
    }
    return committed;
  }

  private Optional<ChannelState> channels(Path directory) throws IOException {
    Optional<NetworkGroups> groups = run.channels();
    if (groups.isEmpty()) {
      return Optional.empty();
    }
    try {
      byte[] bytes = Files.readAllBytes(directory.resolve(CheckpointWriter.CHANNELS));
      return Optional.of(ChannelCodec.decode(bytes, groups.get().groups()));
    } catch (DamagedMaskException e) {
      throw new DamagedCheckpointException("channels must decode: " + e.getMessage(), e);
    }
  }

  private MaskState masks(Path directory, Manifest manifest) throws IOException {
    try {
      return run.masks(
          Files.readAllBytes(directory.resolve(CheckpointWriter.MASKS)),
          Files.readAllBytes(directory.resolve(CheckpointWriter.ANNEALING)),
          manifest.state().updatedAt());
    } catch (DamagedMaskException | BufferUnderflowException e) {
      throw new DamagedCheckpointException("masks must decode: " + e.getMessage(), e);
    }
  }
}
