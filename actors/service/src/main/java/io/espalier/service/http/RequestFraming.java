package io.espalier.service.http;

import akka.util.ByteString;
import java.util.Locale;

/**
 * Checks where the requests of a connection begin and end by the strict grammar (Fielding,
 * Nottingham and Reschke, RFC 9112, 2022), which Akka HTTP's parser takes more loosely: lines end
 * with CR LF, none is folded, a body has one length or is chunked, chunks have no extensions.
 * Servers and proxies that read such a request differently could be made to see different requests.
 * Not thread-safe.
 */
final class RequestFraming {
  /** No request may have it; the parser answers 400 to it and closes the connection. */
  static final char BREAK = '\u0001';

  private static final ByteString BREAK_LINE = ByteString.fromString(BREAK + "\r\n\r\n");
  private static final ByteString LINE_FEED = ByteString.fromString("\n");
  private static final ByteString LINE_END = ByteString.fromString("\r\n");

  /** Longer lines are no lengths. */
  private static final int MOST_TEXT = 128;

  private static final int MOST_DIGITS = 15;

  private Part part = Part.REQUEST_LINE;
  private final StringBuilder line = new StringBuilder();
  private boolean isCarriageReturn;
  private boolean isChunked;
  private boolean isOldVersion;
  private long length = -1;
  private long left;

  private enum Part {
    REQUEST_LINE,
    HEADERS,
    BODY,
    CHUNK_SIZE,
    CHUNK,
    CHUNK_END,
    TRAILERS,
    BROKEN
  }

  /** The bytes as received up to the first that breaks the grammar, and then {@link #BREAK}. */
  ByteString checked(ByteString received) {
    int at = 0;
    while (at < received.size() && part != Part.BROKEN) {
      if (part == Part.BODY || part == Part.CHUNK) {
        int taken = (int) Math.min(left, received.size() - at);
        at += taken;
        left -= taken;
        if (left == 0) {
          part = part == Part.BODY ? Part.REQUEST_LINE : Part.CHUNK_END;
        }
      } else {
        ByteString instead = next(received.apply(at));
        if (part == Part.BROKEN) {
          return received.take(at).concat(instead);
        }
        at++;
      }
    }
    return received.take(at);
  }

  /** Takes a byte of a line; returns what is passed on in its place if it breaks the grammar. */
  private ByteString next(byte each) {
    char character = (char) (each & 0xff);
    if (character == '\n') {
      return isCarriageReturn ? endOfLine() : bareLineFeed();
    }
    boolean isFirst = line.length() == 0 && !isCarriageReturn;
    boolean isWrong =
        isCarriageReturn
            || (isFirst && isHeader() && (character == ' ' || character == '\t'))
            || (part == Part.CHUNK_END && character != '\r')
            || (part == Part.CHUNK_SIZE && character != '\r' && Character.digit(character, 16) < 0);
    if (isWrong) {
      return broken(BREAK_LINE);
    }
    isCarriageReturn = character == '\r';
    if (!isCarriageReturn) {
      add(character);
    }
    return ByteString.emptyByteString();
  }

  /** Keeps the end of a request line, which has the version, and the beginning of others. */
  private void add(char character) {
    if (line.length() == MOST_TEXT && part == Part.REQUEST_LINE) {
      line.deleteCharAt(0);
    }
    if (line.length() < MOST_TEXT) {
      line.append(character);
    }
  }

  /** An empty line would end the head. */
  private ByteString bareLineFeed() {
    boolean isOfHead = part == Part.REQUEST_LINE || isHeader();
    return broken(isOfHead && line.length() > 0 ? LINE_END.concat(BREAK_LINE) : BREAK_LINE);
  }

  private boolean isHeader() {
    return part == Part.HEADERS || part == Part.TRAILERS;
  }

  private ByteString broken(ByteString end) {
    part = Part.BROKEN;
    return end;
  }

  private ByteString endOfLine() {
    String text = line.toString();
    line.setLength(0);
    isCarriageReturn = false;
    return switch (part) {
      case REQUEST_LINE -> requestLine(text);
      case HEADERS -> text.isEmpty() ? endOfHead() : header(text);
      case CHUNK_SIZE -> chunk(text);
      case CHUNK_END -> go(Part.CHUNK_SIZE);
      case TRAILERS -> go(text.isEmpty() ? Part.REQUEST_LINE : Part.TRAILERS);
      case BODY, CHUNK, BROKEN -> throw new IllegalStateException("a body must have no lines");
    };
  }

  private ByteString go(Part next) {
    part = next;
    return ByteString.emptyByteString();
  }

  private ByteString requestLine(String text) {
    isOldVersion = text.endsWith("HTTP/1.0");
    isChunked = false;
    length = -1;
    return go(Part.HEADERS);
  }

  private ByteString header(String text) {
    int colon = text.indexOf(':');
    String name = text.substring(0, Math.max(colon, 0)).toLowerCase(Locale.ROOT);
    String value = text.substring(colon + 1).strip();
    boolean isFirst = length < 0 && !isChunked;
    if (name.equals("content-length")) {
      boolean isNumber = value.matches("[0-9]{1," + MOST_DIGITS + "}");
      if (!isNumber || !isFirst) {
        return broken(LINE_FEED.concat(BREAK_LINE));
      }
      length = Long.parseLong(value);
    } else if (name.equals("transfer-encoding")) {
      if (!value.equalsIgnoreCase("chunked") || !isFirst) {
        return broken(LINE_FEED.concat(BREAK_LINE));
      }
      isChunked = true;
    }
    return ByteString.emptyByteString();
  }

  private ByteString endOfHead() {
    if (isChunked) {
      return isOldVersion ? broken(BREAK_LINE) : go(Part.CHUNK_SIZE);
    }
    left = Math.max(length, 0);
    return go(left == 0 ? Part.REQUEST_LINE : Part.BODY);
  }

  private ByteString chunk(String size) {
    if (size.isEmpty() || size.length() > MOST_DIGITS) {
      return broken(BREAK_LINE);
    }
    left = Long.parseLong(size, 16);
    return go(left == 0 ? Part.TRAILERS : Part.CHUNK);
  }
}
