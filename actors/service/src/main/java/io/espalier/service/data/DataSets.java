package io.espalier.service.data;

import io.espalier.configs.file.AtomicFile;
import io.espalier.service.RefusedRequestException;
import io.espalier.service.RefusedRequestException.Reason;
import io.espalier.service.Submitter;
import io.espalier.service.View;
import io.espalier.service.data.DataRegister.Entry;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The data sets that clients have uploaded to a data directory. An upload is written beside them
 * and takes its name at once, when it is whole and checked. What else is in the directory belongs
 * to the operator and is never touched. Nodes of a cluster share the directory. Thread-safe.
 */
public final class DataSets {
  private static final Logger LOG = LoggerFactory.getLogger(DataSets.class);
  private static final String CONTENT = "content";

  private final Path directory;
  private final DataRegister register;
  private final DataRoom room;
  private final InstantSource clock;
  private final Set<String> busy = new HashSet<>();

  /**
   * An upload to come.
   *
   * @param sha256 that the content must have, as {@link DataSet} has it
   * @param bytes of all files, if the client knows them
   * @param by name of the client's token
   * @param submitter whose it becomes, and whose quotas it counts against
   */
  public record Upload(
      String name,
      DataSet.Kind kind,
      Optional<String> sha256,
      OptionalLong bytes,
      String by,
      Submitter submitter) {}

  /** A data set that is there; {@code fresh} is false if it was before. */
  public record Stored(DataSet data, boolean fresh) {}

  /** Finds the unfinished runs that use a file or folder. */
  @FunctionalInterface
  public interface Users {
    List<String> of(Path path);
  }

  private DataSets(Path directory, DataRegister register, DataRoom room, InstantSource clock) {
    this.directory = directory;
    this.register = register;
    this.room = room;
    this.clock = clock;
  }

  /**
   * Opens the data sets in a directory, and deletes what earlier uploads to the node left behind.
   */
  public static DataSets open(
      Path directory, String node, DataRoom.Limits limits, InstantSource clock) {
    Path absolute = directory.toAbsolutePath().normalize();
    DataRegister register = new DataRegister(absolute, node);
    register.clean();
    return new DataSets(absolute, register, new DataRoom(absolute, limits, register), clock);
  }

  /** Returns the data sets of a view, by name. */
  public List<DataSet> list(View view) throws IOException {
    return register.all().stream().filter(each -> view.sees(each.ownership())).toList();
  }

  /** Refuses a data set outside of a view as one that does not exist. */
  public DataSet get(String name, View view) throws IOException {
    return register
        .find(name)
        .filter(each -> view.sees(each.ownership()))
        .orElseThrow(
            () ->
                new RefusedRequestException(
                    Reason.NO_SUCH_DATA,
                    "a data set must have been uploaded: name=%s; 'espalier data list' shows them"
                        .formatted(name.matches(DataSet.NAMES) ? name : "invalid")));
  }

  /**
   * Whether a view has a file in or below a data directory, both real paths. Files of the operator
   * are in every view; a folder with data sets of several owners is in the whole one only.
   */
  public static boolean isSeen(View view, Path directory, Path file) {
    if (view.seesAll()) {
      return true;
    }
    if (!file.startsWith(directory)) {
      return !directory.startsWith(file);
    }
    String name = directory.relativize(file).getName(0).toString();
    if (name.isEmpty() || name.equals(DataRegister.FOLDER)) {
      return false;
    }
    try {
      return new DataRegister(directory, "")
          .find(name)
          .map(data -> view.sees(data.ownership()))
          .orElse(true);
    } catch (IOException e) {
      LOG.warn("the entry of a data set must be readable: name={}, cause={}", name, e.toString());
      return false;
    }
  }

  /** Returns the bytes of all data sets. */
  public long bytes() throws IOException {
    return register.bytes();
  }

  /**
   * Stores an upload; {@code content} is opened once nothing forbids it. A repetition of the same
   * upload changes nothing.
   */
  public Stored store(Upload upload, Supplier<InputStream> content) throws IOException {
    if (!upload.name().matches(DataSet.NAMES)) {
      throw new RefusedRequestException(
          Reason.INVALID_DATA, "a data set's name must have " + DataSet.NAME_RULE);
    }
    claim(upload.name());
    try {
      Optional<DataSet> known = register.find(upload.name());
      View view = upload.submitter().view();
      boolean isSeen = known.map(data -> view.sees(data.ownership())).orElse(true);
      if (isSeen && known.isPresent() && known.map(DataSet::sha256).equals(upload.sha256())) {
        return new Stored(known.get(), false);
      }
      requireFree(upload.name(), known, isSeen);
      try (DataRoom.Share share = room.share(upload.bytes(), upload.submitter())) {
        return new Stored(receive(upload, share, content), true);
      }
    } finally {
      release(upload.name());
    }
  }

  private DataSet receive(Upload upload, DataRoom.Share share, Supplier<InputStream> content)
      throws IOException {
    Path staging = room.writable(() -> register.staging());
    try (UploadSource source = new UploadSource(content.get())) {
      try {
        Path place = staging.resolve(CONTENT);
        StagedUpload staged = new StagedUpload(place, share::take);
        StagedUpload.Written written =
            room.writable(
                () ->
                    upload.kind() == DataSet.Kind.FILE
                        ? staged.file(source)
                        : staged.folder(source));
        source.drain();
        requireDigest(upload, written);
        share.requireRoomStill();
        DataSet data =
            new DataSet(
                upload.name(),
                upload.kind(),
                written.files(),
                written.bytes(),
                written.sha256(),
                clock.instant().truncatedTo(ChronoUnit.SECONDS),
                upload.by(),
                upload.submitter().ownership().owner(),
                Optional.of(upload.submitter().ownership().project()));
        room.writable(() -> publish(place, data));
        return data;
      } catch (IOException | RuntimeException e) {
        LOG.info(
            "an upload is not kept: name={}, by={}, cause={}",
            upload.name(),
            upload.by(),
            e.getMessage());
        source.drain();
        throw e;
      }
    } finally {
      register.remove(staging);
    }
  }

  private static void requireDigest(Upload upload, StagedUpload.Written written) {
    boolean isRight = upload.sha256().map(written.sha256()::equals).orElse(true);
    if (!isRight) {
      throw new RefusedRequestException(
          Reason.INVALID_DATA,
          "an upload must arrive as it was sent: sha256=%s, sent=%s; nothing of it is kept; send it again"
              .formatted(written.sha256(), upload.sha256().orElse("")));
    }
  }

  /** The entry first: content without one could not be deleted. */
  private DataSet publish(Path content, DataSet data) throws IOException {
    Path target = directory.resolve(data.name());
    try (Entry entry = register.enter(data)) {
      if (data.kind() == DataSet.Kind.FILE) {
        // A link fails where another node was faster; a rename would replace its file.
        Files.createLink(target, content);
      } else {
        Files.move(content, target, StandardCopyOption.ATOMIC_MOVE);
      }
      entry.keep();
    }
    AtomicFile.forceDirectory(directory);
    return data;
  }

  /** Deletes a data set that no unfinished run uses. */
  public void delete(String name, View view, Users users) throws IOException {
    DataSet data = get(name, view);
    claim(name);
    Path place = directory.resolve(name);
    Path staging = register.staging();
    try {
      // Recipes of runs have it without links.
      Path real = place.toRealPath();
      requireUnused(data, real, users);
      Path aside = staging.resolve(CONTENT);
      Files.move(place, aside, StandardCopyOption.ATOMIC_MOVE);
      try {
        // A submission may have found it meanwhile.
        requireUnused(data, real, users);
      } catch (RuntimeException e) {
        Files.move(aside, place, StandardCopyOption.ATOMIC_MOVE);
        throw e;
      }
      register.forget(name);
    } finally {
      register.remove(staging);
      release(name);
    }
  }

  private static void requireUnused(DataSet data, Path place, Users users) {
    List<String> runs = users.of(place);
    if (!runs.isEmpty()) {
      throw new RefusedRequestException(
          Reason.DATA_IN_USE,
          "a data set to delete must have no unfinished runs that use it: name=%s, runs=%s; let them end, or stop them"
              .formatted(data.name(), String.join(", ", runs.stream().limit(5).toList())));
    }
  }

  private void requireFree(String name, Optional<DataSet> known, boolean isSeen) {
    if (!isSeen) {
      throw new RefusedRequestException(
          Reason.DATA_EXISTS,
          "a data set's name must be new: name=%s is that of another owner's; choose another name"
              .formatted(name));
    }
    if (known.isPresent()) {
      throw new RefusedRequestException(
          Reason.DATA_EXISTS,
          "a data set's name must be new: name=%s, uploaded=%s, sha256=%s; delete that one first, or choose another name"
              .formatted(name, known.get().uploaded(), known.get().sha256()));
    }
    if (Files.exists(directory.resolve(name), LinkOption.NOFOLLOW_LINKS)) {
      throw new RefusedRequestException(
          Reason.DATA_EXISTS,
          "a data set's name must be new: name=%s is that of a file of the service's operator; choose another name"
              .formatted(name));
    }
  }

  private synchronized void claim(String name) {
    if (!busy.add(name)) {
      throw new RefusedRequestException(
          Reason.DATA_EXISTS,
          "a data set is uploaded or deleted once at a time: name=%s; try again".formatted(name));
    }
  }

  private synchronized void release(String name) {
    busy.remove(name);
  }
}
