package io.espalier.service.api;

import akka.util.ByteString;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.espalier.service.api.LineIndex.FileState;
import io.espalier.service.api.LineIndex.Place;
import io.espalier.service.http.ServerSentEvents;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.regex.Pattern;

/**
 * Reads the complete lines of an outbox for one client, a small piece at a time; between two pieces
 * no file is open and nothing of it is in memory.
 *
 * <p>Another file may take the name: a new run epoch copies the outbox. The new file begins with
 * the lines that the client has seen; if it has fewer, the client receives the lines that follow
 * those that both have. Not thread-safe.
 */
final class EventReader {
  private static final int PIECE_BYTES = 8 << 10;
  private static final int LONGEST_LINE_BYTES = 1 << 21;
  private static final int GROWTH = 8;
  private static final byte[] NONE = {};
  private static final JsonFactory JSON = new JsonFactory();
  private static final Pattern TYPE = Pattern.compile("[A-Za-z0-9._-]{1,100}");
  private static final String UNKNOWN = "unknown";

  private final Path file;
  private final LineIndex index;
  private final long after;
  private FileState seen = FileState.ABSENT;
  private Place place = new Place(0, 0);

  /** The client has the lines up to number {@code after}. */
  EventReader(Path file, LineIndex index, long after) {
    this.file = file;
    this.index = index;
    this.after = after;
  }

  /** The file as it was at the last {@link #next}. */
  FileState seen() {
    return seen;
  }

  /** The next complete lines as text of the stream; empty if there are none. */
  ByteString next() throws IOException {
    FileState now = FileState.of(file);
    if (now.key().isEmpty()) {
      seen = now;
      return ByteString.emptyByteString();
    }
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      if (!now.key().equals(seen.key()) || now.bytes() < place.offset()) {
        place = stands(channel, now) ? place : index.after(place.line(), file, now);
      }
      seen = now;
      if (place.line() < after) {
        place = index.after(after, file, now);
      }
      return place.line() < after ? ByteString.emptyByteString() : read(channel, now.bytes());
    } catch (NoSuchFileException e) {
      seen = FileState.ABSENT;
      return ByteString.emptyByteString();
    }
  }

  /** Whether a line begins at the same offset in this file. */
  private boolean stands(FileChannel channel, FileState now) throws IOException {
    if (place.offset() == 0 || now.bytes() < place.offset()) {
      return place.offset() == 0;
    }
    var last = ByteBuffer.allocate(1);
    return channel.read(last, place.offset() - 1) == 1 && last.get(0) == '\n';
  }

  private ByteString read(FileChannel channel, long end) throws IOException {
    long there = end - place.offset();
    byte[] lines = NONE;
    for (int bytes = PIECE_BYTES; lines.length == 0; bytes *= GROWTH) {
      lines = lines(channel, (int) Math.min(bytes, there));
      if (bytes >= there || bytes > LONGEST_LINE_BYTES) {
        break;
      }
    }
    return events(lines);
  }

  private byte[] lines(FileChannel channel, int bytes) throws IOException {
    var piece = ByteBuffer.wrap(new byte[bytes]);
    int read = 0;
    while (piece.hasRemaining() && read >= 0) {
      read = channel.read(piece, place.offset() + piece.position());
    }
    int end = piece.position();
    while (end > 0 && piece.get(end - 1) != '\n') {
      end--;
    }
    return Arrays.copyOf(piece.array(), end);
  }

  private ByteString events(byte[] lines) {
    var text = new ServerSentEvents(lines.length);
    int begin = 0;
    for (int i = 0; i < lines.length; i++) {
      if (lines[i] == '\n') {
        place = new Place(place.line() + 1, place.offset() + i + 1 - begin);
        text.add(place.line(), type(lines, begin, i - begin), lines, begin, i - begin);
        begin = i + 1;
      }
    }
    return text.bytes();
  }

  /** The field {@code type} of an envelope, near its beginning. */
  private static String type(byte[] line, int begin, int length) {
    try (JsonParser parser = JSON.createParser(line, begin, length)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        return UNKNOWN;
      }
      for (String field = parser.nextFieldName(); field != null; field = parser.nextFieldName()) {
        parser.nextToken();
        if (field.equals("type")) {
          String type = parser.getValueAsString(UNKNOWN);
          return TYPE.matcher(type).matches() ? type : UNKNOWN;
        }
        parser.skipChildren();
      }
      return UNKNOWN;
    } catch (IOException e) {
      return UNKNOWN;
    }
  }
}
