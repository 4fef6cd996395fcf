"""Pages that stand where an article was asked for and say so in their title: sign-in walls, errors, checks for robots;
and shells that scripts would fill, of which `<noscript>` asks for JavaScript.

The trees have hardly seen such pages, which no corpus collects, and read their plans, hints and advice as a short page
of a service. Nothing on them is what a scraper came for. A title alone may be that of an article about logins or of a
shop that sells locks, so a page with prose is none.
"""

from __future__ import annotations

import re

import numpy as np
from numpy.typing import NDArray

from model.classifier import Prediction
from model.odds import less_likely
from model.types import Segmentation

_SIGN_IN = """
sign in | sign in to … | sign in or … | sign-in | signin | log in | log in to … | log in or … | log-in | login
| login to … | log on | logon | please sign in | please log in | login required
| subscribe to read … | subscribe to continue … | register to continue … | register to read … | sign up to continue …
| anmelden | anmeldung | einloggen | bitte anmelden | bitte melden sie sich an …
| se connecter | connexion | connectez-vous | identifiez-vous | identification
| iniciar sesión | inicia sesión | inicie sesión | identifícate | acceso clientes | acceso usuarios
| accedi | effettua il login | area riservata | fazer login | iniciar sessão | inicie sessão | faça login
| inloggen | aanmelden | zaloguj | zaloguj się | logowanie | přihlášení | přihlásit | přihlásit se | prihlásenie
| logga in | log ind | logg inn | kirjaudu | kirjaudu sisään | bejelentkezés | autentificare | conectare
| giriş yap | oturum aç | üye girişi | вход | вход на сайт | войти | авторизация | вхід | увійти | авторизація
| σύνδεση | είσοδος | تسجيل الدخول | התחברות | כניסה | ورود | लॉग इन | लॉगिन | masuk | đăng nhập | เข้าสู่ระบบ
| 登录 | 登入 | 会员登录 | ログイン | サインイン | 로그인
"""
_FAILED = """
404 | 403 | 410 | 500 | 502 | 503 | 404 not found | 403 forbidden | 410 gone | 500 internal server error
| 502 bad gateway | 503 service temporarily unavailable | 503 service unavailable | 504 gateway time-out
| error 404 | error 403 | error 500 | http 404 | http error 404 | 404 error | 404 page not found
| page not found | not found | file not found | page unavailable | access denied
| access to this page has been denied | you have been blocked
| forbidden | service unavailable | bad gateway | internal server error | gateway timeout
| seite nicht gefunden | fehler 404 | zugriff verweigert | page introuvable | page non trouvée | erreur 404
| accès refusé
| página no encontrada | acceso denegado | pagina non trovata | accesso negato | página não encontrada | acesso negado
| pagina niet gevonden | nie znaleziono strony | strona nie istnieje | stránka nenalezena | stránka nebyla nalezena
| sidan hittades inte | sidan kunde inte hittas | siden blev ikke fundet | siden ble ikke funnet | sivua ei löytynyt
| az oldal nem található | pagina nu a fost găsită | sayfa bulunamadı | страница не найдена | ошибка 404
| сторінку не знайдено
| η σελίδα δεν βρέθηκε | الصفحة غير موجودة | הדף לא נמצא | halaman tidak ditemukan | không tìm thấy trang | ไม่พบหน้า
| 页面未找到 | 页面不存在 | 找不到页面 | 找不到網頁 | ページが見つかりません | 페이지를 찾을 수 없습니다
"""
_ROBOTS = """
just a moment | attention required | are you a robot | robot check | are you human | verify you are human
| verifying you are human | security check | checking your browser | human verification | pardon our interruption
| ddos-guard | captcha | please wait | one more step
"""
_MEANING = {
    _SIGN_IN: "asks the reader to sign in, as its title says",
    _FAILED: "reports an error, as its title says",
    _ROBOTS: "checks whether the reader is a robot, as its title says",
}


def _openings(phrases: str) -> re.Pattern[str]:
    """The phrases at the start of a title; nothing but the site's name may follow, unless a phrase ends in dots."""
    spelt = [phrase.strip() for phrase in phrases.replace("\n", " ").split("|")]
    whole = "|".join(re.escape(phrase) for phrase in spelt if not phrase.endswith("…"))
    begun = "|".join(re.escape(phrase.removesuffix(" …")) for phrase in spelt if phrase.endswith("…"))
    ended = rf"(?:{whole})(?=$|\s*[|:.,!?…»·]|\s+[-–—/(])"
    return re.compile(rf"{ended}|(?:{begun})\b" if begun else ended, re.IGNORECASE)


_OPENINGS = [(_openings(phrases), meaning) for phrases, meaning in _MEANING.items()]
_LONGEST_TITLE = 80
_PROSE_WORDS, _PROSE_CHANCE, _MOST_PROSE = 15, 0.5, 120
"""A block of that many words that ends a sentence and is likelier article than not is prose; a gate has little."""

_SHELL_BLOCKS, _SHELL_CHARS = 12, 100
"""Blocks of a shell at most, and characters of those that are not for readers without scripts: "Loading ..."."""

_ASKING_CHARS = 400
"""Characters for readers without scripts, beyond which they are shown the page itself."""

_LESS = 8.0
"""Units of log odds that everything on such a page loses: none of it is left likely enough to be an article."""


def gate_of(segmentation: Segmentation) -> str | None:
    """What a page does instead of holding an article, by its title or its `<noscript>`; None if it is no such page."""
    if _is_shell(segmentation):
        return "asks for JavaScript and shows hardly anything without it"
    title = (segmentation.metadata.title or "").strip()
    if not title or len(title) > _LONGEST_TITLE:
        return None
    return next((meaning for pattern, meaning in _OPENINGS if pattern.match(title)), None)


def _is_shell(segmentation: Segmentation) -> bool:
    """Whether all that stands on a page, but for a few words, is a `<noscript>` that names JavaScript."""
    if len(segmentation.blocks) > _SHELL_BLOCKS:
        return False
    shown, unseen, asks = 0, 0, False
    for block in segmentation.blocks:
        element = block.element
        while element >= 0 and segmentation.elements[element].tag != "noscript":
            element = segmentation.elements[element].parent
        if element < 0:
            shown += len(block.text)
            continue
        unseen += len(block.text)
        asks |= "javascript" in block.text.lower()
    return asks and shown <= _SHELL_CHARS and unseen <= _ASKING_CHARS


def weigh_gate(
    segmentation: Segmentation, prediction: Prediction, article: NDArray[np.float32]
) -> tuple[NDArray[np.float32], str | None]:
    """Chances of being article, float32 (n_blocks,), all lowered where the page is a gate, and what it does then."""
    gate = gate_of(segmentation)
    if gate is None or not len(article):
        return article, None
    words = prediction.column("words")
    prose = (words >= _PROSE_WORDS) & (prediction.column("ends_sentence") > 0) & (article >= _PROSE_CHANCE)
    if float(words[prose].sum()) > _MOST_PROSE:
        return article, None
    return less_likely(article, np.full(len(article), _LESS, np.float32)), gate
