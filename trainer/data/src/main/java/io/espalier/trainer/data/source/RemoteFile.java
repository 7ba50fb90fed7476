package io.espalier.trainer.data.source;

import io.espalier.configs.InvalidConfigException;
import io.espalier.configs.InvalidConfigException.Problem;
import io.espalier.configs.MirrorConfig;
import io.espalier.configs.download.Download;
import io.espalier.trainer.data.source.DataHome.DataListener;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** One file of a mirror. */
record RemoteFile(MirrorConfig mirror, String name, DataListener listener)
    implements Download.Source {
  private static final int MOST_REDIRECTS = 5;

  URI address() {
    return mirror.url().resolve(name);
  }

  @Override
  public Optional<URI> elsewhere(HttpResponse<?> answer, String text, int redirects)
      throws IOException {
    int status = answer.statusCode();
    if (status >= 300 && status < 400) {
      if (redirects == MOST_REDIRECTS) {
        throw problem("must not redirect more than %d times".formatted(MOST_REDIRECTS));
      }
      return Optional.of(redirected(answer));
    }
    if (status == 404 || status == 410) {
      return Optional.empty();
    }
    if (status == 408 || status == 429 || status >= 500) {
      throw new IOException("status " + status);
    }
    throw problem("must answer with the file: status=" + status);
  }

  private URI redirected(HttpResponse<?> answer) {
    String location = answer.headers().firstValue("Location").orElse("");
    try {
      URI target = answer.uri().resolve(location);
      if (mirror.allows(target)) {
        return target;
      }
    } catch (IllegalArgumentException e) {
      throw problem(
          "must redirect to an address: status=%d, location=%s"
              .formatted(answer.statusCode(), location));
    }
    throw problem(
        "must redirect to https, or http to this machine: status=%d, location=%s; data.allow-http = true permits plain http"
            .formatted(answer.statusCode(), location));
  }

  @Override
  public void progressed(long bytes, OptionalLong total) {
    listener.progressed(name, bytes, total);
  }

  InvalidConfigException problem(String rule) {
    return problem(address(), rule);
  }

  static InvalidConfigException problem(URI address, String rule) {
    return new InvalidConfigException(
        List.of(new Problem(Optional.of(address.toString()), "data.url", rule)));
  }
}
