package io.espalier.service.client;

import io.espalier.service.client.ServiceException.Reason;
import io.espalier.service.data.DataSet;
import io.espalier.service.data.FolderDigest;
import io.espalier.service.data.FolderPath;
import io.espalier.trainer.file.Sha256;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * A file, or a folder with all files below it, as a client sends it: read once for its digest, and
 * once for its bytes.
 *
 * @param files by their paths in the folder; of a file, one
 * @param sha256 as {@link DataSet} has it
 */
record DataUpload(DataSet.Kind kind, SortedMap<String, Path> files, long bytes, String sha256) {
  private static final int PIPE_BYTES = 1 << 16;

  /**
   * Reads what is to be sent.
   *
   * @throws ServiceException if it cannot be a data set
   */
  static DataUpload of(Path path) throws IOException {
    if (Files.isRegularFile(path)) {
      return new DataUpload(
          DataSet.Kind.FILE,
          new TreeMap<>(Map.of("", path)),
          Files.size(path),
          Sha256.ofFile(path));
    }
    if (!Files.isDirectory(path)) {
      throw refused("what is uploaded must be a file or a folder: path=" + path);
    }
    SortedMap<String, Path> files = files(path);
    FolderDigest digest = new FolderDigest();
    long bytes = 0;
    for (var file : files.entrySet()) {
      digest.add(file.getKey(), Sha256.ofFile(file.getValue()));
      bytes += Files.size(file.getValue());
    }
    if (files.isEmpty()) {
      throw refused("a folder that is uploaded must have a file: path=" + path);
    }
    return new DataUpload(DataSet.Kind.FOLDER, files, bytes, digest.value());
  }

  private static SortedMap<String, Path> files(Path folder) throws IOException {
    SortedMap<String, Path> files = new TreeMap<>();
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path each : (Iterable<Path>) all::iterator) {
        if (Files.isRegularFile(each, LinkOption.NOFOLLOW_LINKS)) {
          String name = folder.relativize(each).toString().replace(File.separatorChar, '/');
          files.put(FolderPath.require(name), each);
        } else if (!Files.isDirectory(each, LinkOption.NOFOLLOW_LINKS)) {
          throw refused(
              "a folder that is uploaded must have files and folders alone: path=%s is a link, or no file; replace it by a copy"
                  .formatted(each));
        }
      }
    } catch (IllegalArgumentException e) {
      throw refused(String.valueOf(e.getMessage()));
    }
    return files;
  }

  /** The body: the file, or a ZIP archive that is made while it is read. */
  InputStream open() throws IOException {
    if (kind == DataSet.Kind.FILE) {
      return Files.newInputStream(files.get(files.firstKey()));
    }
    PipedInputStream in = new PipedInputStream(PIPE_BYTES);
    PipedOutputStream out = new PipedOutputStream(in);
    Thread packer = new Thread(() -> pack(out), "espalier-upload");
    packer.setDaemon(true);
    packer.start();
    return in;
  }

  /** After a failure the archive has another digest, and the service refuses it. */
  private void pack(OutputStream out) {
    try (ZipOutputStream zip = new ZipOutputStream(out)) {
      zip.setLevel(Deflater.BEST_SPEED);
      for (var file : files.entrySet()) {
        zip.putNextEntry(new ZipEntry(file.getKey()));
        Files.copy(file.getValue(), zip);
        zip.closeEntry();
      }
    } catch (IOException e) {
      return;
    }
  }

  String mediaType() {
    return kind == DataSet.Kind.FILE ? "application/octet-stream" : "application/zip";
  }

  private static ServiceException refused(String message) {
    return new ServiceException(Reason.REFUSED, message);
  }
}
