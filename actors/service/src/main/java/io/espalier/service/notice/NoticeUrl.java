package io.espalier.service.notice;

import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Checks addresses in the settings of notices. Path and query of one may be a secret. */
final class NoticeUrl {
  private static final Pattern ORIGIN =
      Pattern.compile("([A-Za-z][A-Za-z0-9+.-]*://)(?:[^/?#]*@)?([^/?#]*).*", Pattern.DOTALL);
  private static final int MOST_SHOWN = 100;

  private NoticeUrl() {}

  /** The address of a webhook. */
  static Optional<URI> ofWebhook(NoticeSection section, String key, String text) {
    Optional<URI> url =
        of(
            section,
            key,
            text,
            "an address with a host and neither user nor fragment; write https://HOST/PATH");
    boolean isSafe =
        url.map(
                each ->
                    each.getScheme().equalsIgnoreCase("https")
                        || section.flag("plaintext")
                        || isLoopback(each.getHost()))
            .orElse(true);
    section.require(
        key,
        shown(text),
        isSafe,
        "https unless it is on this machine, as a notice must not travel in the clear; use https, or set plaintext = true for a network that you trust");
    return url;
  }

  /** The address of the service; without a trailing slash. */
  static Optional<URI> ofService(NoticeSection section, String key, String text) {
    return of(
            section, key, text, "the address of the service for browsers; write https://HOST:PORT")
        .map(url -> URI.create(url.toString().replaceAll("/+$", "")));
  }

  private static Optional<URI> of(NoticeSection section, String key, String text, String rule) {
    Optional<URI> url = parsed(text);
    section.require(key, shown(text), url.isPresent(), rule);
    return url;
  }

  private static Optional<URI> parsed(String text) {
    try {
      URI url = new URI(text);
      boolean isHttp =
          "http".equalsIgnoreCase(url.getScheme()) || "https".equalsIgnoreCase(url.getScheme());
      return isHttp
              && url.getHost() != null
              && url.getRawUserInfo() == null
              && url.getRawFragment() == null
              && url.getPort() <= 65_535
          ? Optional.of(url)
          : Optional.empty();
    } catch (URISyntaxException e) {
      return Optional.empty();
    }
  }

  /** Scheme, host and port of an address. */
  static String shown(String url) {
    Matcher origin = ORIGIN.matcher(url);
    String text = origin.matches() ? origin.group(1) + origin.group(2) + "/…" : url;
    return text.length() > MOST_SHOWN ? text.substring(0, MOST_SHOWN) + "…" : text;
  }

  static boolean isLoopback(String host) {
    try {
      return InetAddress.getByName(host).isLoopbackAddress();
    } catch (UnknownHostException e) {
      return false;
    }
  }
}
