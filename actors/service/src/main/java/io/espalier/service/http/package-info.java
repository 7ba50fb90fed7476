/** HTTP building blocks: routes, authentication, problems, TLS. */
package io.espalier.service.http;
