"""The one HTTP server: web chat, webhooks, health, and the page that connects Zalo."""
