package io.espalier.trainer.checkpoint;

import io.espalier.configs.InvalidConfigException;
import io.espalier.trainer.prepare.PreparedRun;
import io.espalier.trainer.run.CodeVersion;
import io.espalier.trainer.sync.Committed;
import io.espalier.trainer.sync.Traffic;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The checkpoints of one run, each a directory {@code step-0000000120} of
 *
 * <pre>
 * state.safetensors   values and optimizer moments, F32
 * masks.bin           the mask set, as MaskCodec writes it in full
 * annealing.bin       the units that still anneal, as AnnealingCodec writes them
 * channels.bin        in place of these two, where the run prunes channels, as ChannelCodec writes them
 * stream.json         offsets of what was read; only where the examples are a stream
 * manifest.json       what they are, and their SHA-256
 * </pre>
 *
 * <p>A checkpoint is filled beside its place, forced to disk and renamed, so a directory of that
 * name is complete whenever the process or the machine stops. Older ones are deleted only after the
 * newer is in place.
 *
 * <p>Not thread-safe; one process at a time, which the lock of the run directory sees to, or a
 * {@link RunEpoch}.
 */
public final class Checkpoints {
  private static final int MOST_LOOKS = 20;

  private final RunEpoch epoch;
  private final CheckpointDirectory directory;
  private final CheckpointWriter writer;
  private final CheckpointReader reader;
  private final int keep;

  private Checkpoints(
      Path directory, PreparedRun run, RunIdentity identity, int keep, RunEpoch epoch) {
    this.epoch = epoch;
    this.directory = new CheckpointDirectory(directory, epoch);
    this.writer = new CheckpointWriter(run, identity, epoch);
    this.reader = new CheckpointReader(run, identity);
    this.keep = keep;
  }

  /** Opens the checkpoints of a run, of which {@code keep} are retained. */
  public static Checkpoints in(
      Path directory, PreparedRun run, String recipeText, int keep, RunEpoch epoch) {
    if (keep < 1) {
      throw new IllegalArgumentException("checkpoints to keep must be 1 or more: keep=" + keep);
    }
    return new Checkpoints(directory, run, RunIdentity.of(run, recipeText), keep, epoch);
  }

  /**
   * Writes a state that all trainers hold; on return it is on disk.
   *
   * @param trainedSeconds wall time of the run so far, over all its attempts
   */
  public WrittenCheckpoint write(Committed committed, Traffic traffic, double trainedSeconds)
      throws IOException {
    Path written = place(committed, traffic, trainedSeconds);
    directory.retain(committed.step(), keep);
    return new WrittenCheckpoint(committed.step(), written, writer.bytes(written));
  }

  private Path place(Committed committed, Traffic traffic, double trainedSeconds)
      throws IOException {
    Path beside = directory.begin(committed.step());
    try {
      writer.write(beside, committed, traffic, trainedSeconds);
      return directory.finish(beside, committed.step());
    } catch (IOException | FencedException e) {
      directory.abandon();
      throw e;
    }
  }

  /**
   * Returns the newest intact checkpoint of the run's history. In a shared run epoch its files are
   * linked under this epoch's name.
   *
   * @param warnings receives each damaged checkpoint, and a code version other than this one
   * @throws InvalidConfigException if that checkpoint is of another recipe, data set or network
   */
  public Optional<Checkpoint> latest(Consumer<String> warnings) {
    return latest(warnings, MOST_LOOKS);
  }

  private Optional<Checkpoint> latest(Consumer<String> warnings, int looks) {
    try {
      return look(warnings);
    } catch (NoSuchFileException e) {
      if (looks == 1) {
        throw new UncheckedIOException("checkpoints must stay while they are read", e);
      }
      // It was deleted only after a newer one was in its place.
      return latest(warnings, looks - 1);
    }
  }

  private Optional<Checkpoint> look(Consumer<String> warnings) throws NoSuchFileException {
    for (CheckpointDirectory.Place place : directory.newestFirst()) {
      try {
        if (directory.counts(place)) {
          Path path = epoch.isShared() ? directory.adopt(place) : place.path();
          Checkpoint checkpoint = reader.read(path, place.step());
          warnOfVersion(checkpoint, path, warnings);
          return Optional.of(checkpoint);
        }
      } catch (IOException e) {
        if (epoch.isShared() && !Files.exists(place.path())) {
          throw new NoSuchFileException(place.path().toString());
        }
        warnings.accept(
            "%s is damaged, so the previous checkpoint is tried: %s"
                .formatted(place.path(), e.getMessage()));
      }
    }
    return Optional.empty();
  }

  private static void warnOfVersion(Checkpoint found, Path path, Consumer<String> warnings) {
    if (!found.codeVersion().equals(CodeVersion.current())) {
      warnings.accept(
          "%s was written by another version, so the run may not go on to the same bits: written by %s, this is %s"
              .formatted(path, found.codeVersion(), CodeVersion.current()));
    }
  }

  public record WrittenCheckpoint(long step, Path directory, long bytes) {}
}
