package io.espalier.trainer.data.download;

import java.net.http.HttpHeaders;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The range of a file that a response carries (RFC 9110, 14.4).
 *
 * @param start first byte, from 0
 * @param total bytes of the whole file
 */
record ContentRange(OptionalLong start, OptionalLong total) {
  private static final Pattern HEADER =
      Pattern.compile("bytes (?:(\\d{1,18})-\\d{1,18}|\\*)/(?:(\\d{1,18})|\\*)");

  static ContentRange of(HttpHeaders headers) {
    Matcher matcher = HEADER.matcher(headers.firstValue("Content-Range").orElse(""));
    return matcher.matches()
        ? new ContentRange(number(matcher, 1), number(matcher, 2))
        : new ContentRange(OptionalLong.empty(), OptionalLong.empty());
  }

  private static OptionalLong number(Matcher matcher, int group) {
    return Optional.ofNullable(matcher.group(group)).stream()
        .mapToLong(Long::parseLong)
        .findFirst();
  }
}
