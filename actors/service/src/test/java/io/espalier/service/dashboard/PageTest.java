package io.espalier.service.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(300)
class PageTest {
  private static final String IMPORT_MAP = "<script type=\"importmap\">";

  private DashboardFixture dashboard;

  @BeforeEach
  void start() throws Exception {
    dashboard = DashboardFixture.start();
  }

  @AfterEach
  void stop() {
    dashboard.close();
  }

  @Test
  void page_everyFileThatItNames_isThere() throws Exception {
    // Given
    String html = dashboard.get("/dashboard/").body();
    List<String> named = new ArrayList<>();
    Matcher files = Pattern.compile("assets/[A-Za-z0-9./-]+\\.(js|css)").matcher(html);
    while (files.find()) {
      named.add(files.group());
    }

    // When, then
    assertThat(named).contains("assets/uplot/uPlot.esm.js");
    for (String file : named) {
      HttpResponse<String> answer = dashboard.get("/dashboard/" + file);
      assertThat(answer.statusCode()).as(file).isEqualTo(200);
      assertThat(answer.headers().firstValue("Content-Type"))
          .hasValue(
              file.endsWith(".js") ? "text/javascript; charset=UTF-8" : "text/css; charset=UTF-8");
      assertThat(answer.body()).isNotEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"/", "/dashboard/", "/dashboard/info", "/dashboard/assets/uplot/uPlot.esm.js"})
  void answers_allOfThem_haveTheHeadersOfThePage(String path) throws Exception {
    HttpResponse<String> answer = dashboard.get(path);

    assertThat(header(answer, "Content-Security-Policy"))
        .startsWith("default-src 'none'; script-src 'self' 'sha256-")
        .contains("connect-src 'self'", "frame-ancestors 'self'", "base-uri 'none'")
        .contains("form-action 'none'");
    assertThat(header(answer, "X-Content-Type-Options")).isEqualTo("nosniff");
    assertThat(header(answer, "Referrer-Policy")).isEqualTo("no-referrer");
    assertThat(header(answer, "Cross-Origin-Opener-Policy")).isEqualTo("same-origin");
    assertThat(answer.headers().firstValue("Access-Control-Allow-Origin")).isEmpty();
  }

  @Test
  void policy_allowsTheImportMapOfThePage_andNoOtherScriptInside() throws Exception {
    // Given
    HttpResponse<String> answer = dashboard.get("/dashboard/");
    String html = answer.body();
    int begin = html.indexOf(IMPORT_MAP) + IMPORT_MAP.length();
    String map = html.substring(begin, html.indexOf("</script>", begin));

    // When
    byte[] digest =
        MessageDigest.getInstance("SHA-256").digest(map.getBytes(StandardCharsets.UTF_8));

    // Then
    assertThat(header(answer, "Content-Security-Policy"))
        .contains("script-src 'self' 'sha256-" + Base64.getEncoder().encodeToString(digest) + "';")
        .doesNotContain("unsafe-eval");
    assertThat(header(answer, "Content-Security-Policy").split("'unsafe-inline'")).hasSize(2);
    assertThat(html.split("<script(?![^>]*src=)", -1)).hasSize(2);
  }

  @Test
  void file_thatTheBrowserHas_isNotSentAgain() throws Exception {
    // Given
    HttpResponse<String> first = dashboard.get("/dashboard/");
    String tag = header(first, "ETag");

    // When
    HttpResponse<String> same =
        dashboard.send(dashboard.request("/dashboard/").header("If-None-Match", tag));
    HttpResponse<String> other =
        dashboard.send(dashboard.request("/dashboard/").header("If-None-Match", "\"x\""));

    // Then
    assertThat(header(first, "Cache-Control")).isEqualTo("no-cache");
    assertThat(same.statusCode()).isEqualTo(304);
    assertThat(same.body()).isEmpty();
    assertThat(header(same, "ETag")).isEqualTo(tag);
    assertThat(other.statusCode()).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/", "/dashboard"})
  void addressesBesideThePage_leadToIt(String path) throws Exception {
    HttpResponse<String> answer = dashboard.get(path);

    assertThat(answer.statusCode()).isEqualTo(302);
    assertThat(header(answer, "Location")).isEqualTo("/dashboard/");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/dashboard/assets/none.js",
        "/dashboard/assets/index.html",
        "/dashboard/assets/report.html",
        "/dashboard/assets/",
        "/dashboard/assets/../view/ReadModel.class",
        "/dashboard/assets/..%2fview%2fReadModel.class",
        "/dashboard/assets/%2e%2e/index.html",
        "/dashboard/assets/..%5cx.js",
        "/dashboard/assets//etc/passwd",
        "/dashboard/assets//page.css",
        "/dashboard/assets/none/app.js",
        "/dashboard/assets/data/none.js",
        "/dashboard/assets/data/page/live.js",
        "/dashboard/assets/..%2fpage/app.js",
        "/dashboard/assets/%2e%2e/app.js",
        "/dashboard/assets/./../../page/app.js",
        "/dashboard/assets/a.js%00.css",
        "/dashboard/assets/uplot/uPlot.cjs.js",
        "/dashboard/assets/uplot/../../../package.json",
        "/dashboard/assets/uplot/..%2fREADME.md",
        "/dashboard/index.html",
        "/dashboard/../logback.xml",
        "/logback.xml"
      })
  void files_thatAreNotThePages_haveNoAddress(String path) throws Exception {
    String answer =
        dashboard.raw(
            "GET %s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nConnection: close\r\n\r\n"
                .formatted(path, dashboard.port()));

    assertThat(answer).matches("(?s)HTTP/1.1 40[04] .*");
    assertThat(answer).contains("application/problem+json").doesNotContain("akka", "\tat ");
  }

  @Test
  void info_saysWhatThePageCanDo() throws Exception {
    JsonNode info = new ObjectMapper().readTree(dashboard.get("/dashboard/info").body());

    assertThat(info)
        .isEqualTo(
            new ObjectMapper()
                .readTree(
                    "{\"version\":\"0.1\",\"mode\":\"alone\",\"command\":\"espalier\",\"token\":false,\"control\":false,\"notes\":false}"));
  }

  @Test
  void methods_otherThanReading_areRefused() throws Exception {
    HttpResponse<String> post =
        dashboard.send(dashboard.request("/dashboard/live").POST(BodyPublishers.noBody()));
    HttpResponse<String> head =
        dashboard.send(dashboard.request("/dashboard/").method("HEAD", BodyPublishers.noBody()));

    assertThat(post.statusCode()).isEqualTo(405);
    assertThat(head.statusCode()).isEqualTo(200);
    assertThat(head.body()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "127.0.0.1:PORT,200",
    "localhost:PORT,200",
    "LOCALHOST:PORT,200",
    "127.0.0.2:PORT,200",
    "[::1]:PORT,200",
    "127.0.0.1,200",
    "localhost:8080,200",
    "evil.example:PORT,421",
    "127.0.0.1.evil.example:PORT,421",
    "localhost.evil.example:PORT,421",
    "0.0.0.0:PORT,421",
    "10.0.0.1:PORT,421",
  })
  void host_thatIsNotThisMachine_isRefused(String host, int status) throws Exception {
    for (String path : List.of("/dashboard/", "/dashboard/info", "/")) {
      String answer = dashboard.raw(get(path, host, ""));

      int wanted = status == 200 && path.equals("/") ? 302 : status;
      assertThat(answer).as(path).startsWith("HTTP/1.1 " + wanted);
    }
    if (status == 421) {
      assertThat(dashboard.raw(get("/dashboard/live?subject=runs", host, "")))
          .startsWith("HTTP/1.1 421")
          .contains("urn:espalier:problem:misdirected")
          .doesNotContain("\"type\":\"status\"");
    }
  }

  @Test
  void host_thatAProxyTellsOf_isNotBelieved() throws Exception {
    String forwarded =
        "X-Forwarded-Host: 127.0.0.1:PORT\r\nForwarded: host=\"127.0.0.1:PORT\"\r\nX-Forwarded-For: 127.0.0.1\r\n";

    String spoofed = dashboard.raw(get("/dashboard/info", "evil.example:PORT", forwarded));
    String absolute =
        dashboard.raw(
            get("http://evil.example:PORT/dashboard/info", "127.0.0.1:PORT", "")
                .replace("PORT", Integer.toString(dashboard.port())));
    String honest =
        dashboard.raw(
            get("/dashboard/info", "127.0.0.1:PORT", "X-Forwarded-Host: evil.example\r\n"));

    assertThat(spoofed).startsWith("HTTP/1.1 421");
    assertThat(absolute).matches("(?s)HTTP/1.1 4(00|21) .*");
    assertThat(honest).startsWith("HTTP/1.1 200");
  }

  private String get(String path, String host, String more) {
    return "GET %s HTTP/1.1\r\nHost: %s\r\n%sConnection: close\r\n\r\n"
        .formatted(path, host, more)
        .replace("PORT", Integer.toString(dashboard.port()));
  }

  private static String header(HttpResponse<?> answer, String name) {
    return answer.headers().firstValue(name).orElse("");
  }
}
