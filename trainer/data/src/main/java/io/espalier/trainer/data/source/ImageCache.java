package io.espalier.trainer.data.source;

import io.espalier.configs.file.AtomicFile;
import io.espalier.configs.file.LockFile;
import io.espalier.trainer.data.Examples;
import io.espalier.trainer.data.ImageEncoding;
import io.espalier.trainer.file.Sha256;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * Decoded images of one folder and one encoding in a file of the data home, so that later runs need
 * not decode them. It is made again if a path, size or time of a file changes, or if it is damaged.
 * Thread-safe, also across processes.
 *
 * <pre>
 * 0    format, padded with zeros
 * 32   SHA-256 of the encoding, and of path, size and time of each file
 * 64   levels [files, channels, height, width]
 * end  SHA-256 of the levels
 * </pre>
 */
final class ImageCache {
  private static final String FORMAT = "espalier-images-1";
  private static final int DIGEST_BYTES = 32;
  private static final int HEADER_BYTES = 64;
  private static final int CHUNK_BYTES = 1 << 24;
  private static final int MOST_FILES_OF_A_CHUNK = 64;

  private final DataFile folder;
  private final List<Path> files;
  private final ImageEncoding encoding;
  private final DataHome home;
  private final int features;

  ImageCache(DataFile folder, List<Path> files, ImageEncoding encoding, DataHome home) {
    this.folder = folder;
    this.files = files;
    this.encoding = encoding;
    this.home = home;
    this.features = encoding.shape().size();
  }

  /** Raw levels of all files in their order, without labels; {@code digest} is their SHA-256. */
  record Content(Examples levels, String digest) {}

  /** Decodes what is not decoded yet; names every file that cannot be read. */
  Content content() throws IOException {
    byte[] header = header();
    Path directory = Files.createDirectories(directory());
    String name = name();
    Path file = directory.resolve(name + ".levels");
    Optional<Content> ready = ready(file, header);
    if (ready.isPresent()) {
      return ready.get();
    }
    LockFile lock = DirectoryLock.await(directory.resolve(name + ".lock"), this::waiting);
    try {
      Optional<Content> made = ready(file, header);
      return made.isPresent() ? made.get() : make(file, header);
    } finally {
      lock.close();
    }
  }

  private Path directory() {
    return home.directory("images");
  }

  private void waiting() {
    home.listener()
        .noticed(folder.path() + ": another run decodes these images; this one waits for it");
  }

  /** A folder has one file per encoding, which its next content replaces. */
  private String name() throws IOException {
    return Sha256.ofText(folder.path().toRealPath() + "\0" + encoding.toJson()).substring(0, 16);
  }

  private byte[] header() throws IOException {
    MessageDigest listing = Sha256.begin();
    add(listing, encoding.toJson());
    for (Path file : files) {
      BasicFileAttributes facts = Files.readAttributes(file, BasicFileAttributes.class);
      add(listing, folder.path().relativize(file).toString());
      add(listing, facts.size() + " " + facts.lastModifiedTime());
    }
    byte[] header = Arrays.copyOf(FORMAT.getBytes(StandardCharsets.US_ASCII), HEADER_BYTES);
    System.arraycopy(listing.digest(), 0, header, HEADER_BYTES - DIGEST_BYTES, DIGEST_BYTES);
    return header;
  }

  private static void add(MessageDigest digest, String text) {
    digest.update(text.getBytes(StandardCharsets.UTF_8));
    digest.update((byte) 0);
  }

  private long levelBytes() {
    return (long) files.size() * features;
  }

  private Optional<Content> ready(Path file, byte[] header) throws IOException {
    if (!Files.isRegularFile(file)
        || Files.size(file) != HEADER_BYTES + levelBytes() + DIGEST_BYTES) {
      return Optional.empty();
    }
    // What is verified is what is mapped, even if another run replaces the file meanwhile.
    try (FileChannel channel = FileChannel.open(file);
        DataInputStream in = new DataInputStream(Channels.newInputStream(channel))) {
      return Arrays.equals(in.readNBytes(HEADER_BYTES), header)
          ? content(channel, in)
          : Optional.empty();
    }
  }

  private Optional<Content> content(FileChannel channel, DataInputStream in) throws IOException {
    MessageDigest digest = Sha256.begin();
    byte[] buffer = new byte[1 << 16];
    for (long left = levelBytes(); left > 0; ) {
      int count = (int) Math.min(left, buffer.length);
      in.readFully(buffer, 0, count);
      digest.update(buffer, 0, count);
      left -= count;
    }
    byte[] found = digest.digest();
    if (!Arrays.equals(in.readNBytes(DIGEST_BYTES), found)) {
      return Optional.empty();
    }
    Examples levels = Examples.ofFile(channel, HEADER_BYTES, features, new int[files.size()]);
    return Optional.of(new Content(levels, HexFormat.of().formatHex(found)));
  }

  private Content make(Path file, byte[] header) throws IOException {
    requireRoom();
    MessageDigest digest = Sha256.begin();
    AtomicFile.write(
        file,
        out -> {
          out.write(header);
          writeLevels(out, digest);
          out.write(digest.digest());
        });
    return ready(file, header)
        .orElseThrow(() -> new IOException("a file must stay as it is written: path=" + file));
  }

  private void writeLevels(OutputStream out, MessageDigest digest) throws IOException {
    DecodedImages decoded = new DecodedImages(folder.key(), encoding);
    int chunk = Math.max(1, Math.min(MOST_FILES_OF_A_CHUNK, CHUNK_BYTES / features));
    for (int from = 0; from < files.size(); from += chunk) {
      int to = Math.min(files.size(), from + chunk);
      for (byte[] levels : decoded.decode(files.subList(from, to))) {
        digest.update(levels);
        out.write(levels);
      }
      home.listener().decoded(folder.path(), to, files.size());
    }
    decoded.requireAll();
  }

  private void requireRoom() throws IOException {
    Path directory = directory();
    long free = Files.getFileStore(directory).getUsableSpace();
    if (free < levelBytes()) {
      throw folder.problem(
          "the Espalier home must have room for the decoded images: needed=%d bytes, free=%d bytes, directory=%s; choose another home, or a smaller data.size"
              .formatted(levelBytes(), free, directory));
    }
  }
}
