package io.espalier.service.dashboard;

import akka.http.javadsl.model.HttpResponse;
import io.espalier.service.http.HttpCall;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The page itself, and what a browser lets it do. Thread-safe. */
final class DashboardPage {
  private static final String NAME = "index.html";
  private static final Pattern IMPORTS =
      Pattern.compile("<script type=\"importmap\">(.*?)</script>", Pattern.DOTALL);

  private final Asset html;
  private final String policy;

  public DashboardPage(Assets assets) {
    html = assets.required(NAME);
    policy =
        "default-src 'none'; script-src 'self' 'sha256-%s'; style-src 'self' 'unsafe-inline';"
                .formatted(digest(importMap(html.text())))
            + " img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; base-uri 'none';"
            + " form-action 'none'; frame-ancestors 'self'";
  }

  public HttpResponse answer(HttpCall call) {
    return html.answer(call);
  }

  /** Content-Security-Policy: the only script inside of the page is its import map. */
  public String policy() {
    return policy;
  }

  private static String importMap(String html) {
    Matcher found = IMPORTS.matcher(html);
    if (!found.find()) {
      throw new IllegalStateException("the page must have an import map: name=" + NAME);
    }
    return found.group(1);
  }

  private static String digest(String text) {
    return Base64.getEncoder().encodeToString(Asset.sha256(text.getBytes(StandardCharsets.UTF_8)));
  }
}
