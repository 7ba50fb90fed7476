package io.espalier.trainer.checkpoint;

import io.espalier.configs.InvalidConfigException;
import io.espalier.trainer.prepare.PreparedRun;
import io.espalier.trainer.run.CodeVersion;
import io.espalier.trainer.sync.Committed;
import io.espalier.trainer.sync.Traffic;
import io.espalier.trainer.sync.ValidationRecord;
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
 * annealing.bin       the annealing units, as AnnealingCodec writes them
 * channels.bin        replaces the two above if the run prunes channels; see ChannelCodec
 * stream.json         offsets read so far; for streams only
 * validation.json     what evaluations decided; for runs that keep their best state or may end early
 * manifest.json       description and SHA-256 of the others
 * </pre>
 *
 * <p>The directory {@code final} has the same files of the state after the last step.
 *
 * <p>A checkpoint is filled under another name, forced to disk and renamed, so it is always
 * complete. Older ones are deleted once a newer one is in place. Not thread-safe; the run
 * directory's lock or a {@link RunEpoch} excludes other processes.
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

  public static Checkpoints in(
      Path directory, PreparedRun run, String recipeText, int keep, RunEpoch epoch) {
    if (keep < 1) {
      throw new IllegalArgumentException("checkpoints to keep must be 1 or more: keep=" + keep);
    }
    return new Checkpoints(directory, run, RunIdentity.of(run, recipeText), keep, epoch);
  }

  /** Writes a state that all trainers hold, durably; the wall time includes earlier attempts. */
  public WrittenCheckpoint write(Committed committed, Traffic traffic, double trainedSeconds)
      throws IOException {
    return write(committed, traffic, ValidationRecord.NONE, trainedSeconds);
  }

  /** Writes the checkpoint of a run that keeps its best state or may end early. */
  public WrittenCheckpoint write(
      Committed committed, Traffic traffic, ValidationRecord validation, double trainedSeconds)
      throws IOException {
    Path written = place(committed, traffic, validation, trainedSeconds);
    directory.retain(committed.step(), keep);
    return new WrittenCheckpoint(committed.step(), written, writer.bytes(written));
  }

  /**
   * Writes the state after the last step, from which only another run goes on; {@link #latest} does
   * not return it.
   */
  public void writeFinal(
      Committed committed, Traffic traffic, ValidationRecord validation, double trainedSeconds)
      throws IOException {
    Path beside = directory.beginFinal();
    writer.write(beside, committed, traffic, validation, trainedSeconds);
    directory.finishFinal(beside);
  }

  /**
   * Returns the state after the last step; empty if the run did not end or an older version wrote
   * it.
   *
   * @throws IOException if it is damaged
   */
  public Optional<Checkpoint> finalState() throws IOException {
    return Files.isDirectory(directory.finalPlace())
        ? Optional.of(reader.read(directory.finalPlace()))
        : Optional.empty();
  }

  private Path place(
      Committed committed, Traffic traffic, ValidationRecord validation, double trainedSeconds)
      throws IOException {
    Path beside = directory.begin(committed.step());
    try {
      writer.write(beside, committed, traffic, validation, trainedSeconds);
      return directory.finish(beside, committed.step());
    } catch (IOException | FencedException e) {
      directory.abandon();
      throw e;
    }
  }

  /**
   * Returns the newest intact checkpoint of the run's history, linked under a shared run epoch's
   * name; warns of damage and other code versions, throws {@link InvalidConfigException} for
   * another run's.
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
